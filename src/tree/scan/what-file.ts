/**
 * The file a tree of options begins with: as kernels have it, as BusyBox and Buildroot do, as coreboot and SeaBIOS do, as
 * uClibc-ng does.
 */
export const TOP_FILES = [
  'Kconfig',
  'Config.in',
  'src/Kconfig',
  'extra/Configs/Config.in',
] as const;

/** A file of Kconfig's language by its name; documents about it and scripts are not. */
export function isKconfig(path: string, name = path.slice(path.lastIndexOf('/') + 1)): boolean {
  const first = name.charCodeAt(0);
  if (first !== LETTER_K && first !== LETTER_C) return false;
  if (!name.startsWith('Kconfig') && !name.startsWith('Config.in')) {
    // What BusyBox makes a Config.in of; one for each architecture in uClibc-ng.
    if (name === 'Config.src') return true;
    return name.startsWith('Config.') && path.endsWith(`Configs/${name}`);
  }
  return !/\.(?:rst|txt|py|sh|c|h|vim|pl)$/.test(name);
}

const [LETTER_C, LETTER_K] = [0x43, 0x4b];

/** As git tells of a file that begins at a place of some bytes: a NUL among the first 8,000. */
export function isBinary(bytes: Buffer, from: number, length: number): boolean {
  return bytes.subarray(from, from + Math.min(length, 8000)).includes(0);
}

/** A Makefile by its name. */
export function isMakefile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^(?:Makefile|Makerules|Rules|Kbuild|GNUmakefile)|\.(?:mk|mak|include)$|\.Makefile$/.test(
    name,
  );
}
