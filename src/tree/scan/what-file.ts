/** The file a tree of options begins with: as kernels have it, or as BusyBox and Buildroot do. */
export const TOP_FILES = ['Kconfig', 'Config.in'] as const;

/** A file of Kconfig's language by its name; documents about it and scripts are not. */
export function isKconfig(path: string): boolean {
  const at = path.lastIndexOf('/') + 1;
  if (!path.startsWith('Kconfig', at) && !path.startsWith('Config.in', at)) return false;
  return !/\.(?:rst|txt|py|sh|c|h|vim|pl)$/.test(path);
}

/** As git tells of a file that begins at a place of some bytes: a NUL among the first 8,000. */
export function isBinary(bytes: Buffer, from: number, length: number): boolean {
  return bytes.subarray(from, from + Math.min(length, 8000)).includes(0);
}
