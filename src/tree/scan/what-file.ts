/** A file of Kconfig's language by its name; documents about it and scripts are not. */
export function isKconfig(path: string): boolean {
  if (!path.startsWith('Kconfig', path.lastIndexOf('/') + 1)) return false;
  return !/\.(?:rst|txt|py|sh|c|h|vim|pl)$/.test(path);
}

/** As git tells: a NUL among the first 8,000 bytes. */
export function isBinary(bytes: Buffer, length: number): boolean {
  return bytes.subarray(0, Math.min(length, 8000)).includes(0);
}
