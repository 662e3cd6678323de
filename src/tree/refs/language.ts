import { isKconfig, isMakefile } from '../scan/what-file.ts';

/** What a file is written in, as far as mentions of options differ by it. */
export type Language =
  | 'c'
  | 'makefile'
  | 'kconfig'
  | 'defconfig'
  | 'rust'
  | 'documentation'
  | 'other';

/** By the path alone. */
export function languageOf(path: string): Language {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isKconfig(path)) return 'kconfig';
  if (isMakefile(path)) return 'makefile';
  if (/(?:^|_|-|\.)defconfig$|\.config$|^config[-.]/.test(name) || /\/configs\//.test(path)) {
    return 'defconfig';
  }
  if (/\.(?:rst|txt|md|TXT)$|^README/.test(name) || path.startsWith('Documentation/')) {
    return 'documentation';
  }
  if (/\.rs$/.test(name)) return 'rust';
  return /\.(?:c|h|S|s|cc|cpp|hpp|lds|dts|dtsi|dtso|inc|l|y|uc|asm|tbl|ihex)$/.test(name)
    ? 'c'
    : 'other';
}

/** Has a file the comments and conditionals of C and no functions of it: assembly, and scripts of linkers. */
export function isAssembly(path: string): boolean {
  return /\.(?:S|s|lds|asm)$/.test(path);
}
