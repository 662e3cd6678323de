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

/** By the path alone. What a file is called tells less than how its name ends: many a C file is called config.c. */
export function languageOf(path: string): Language {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isKconfig(path)) return 'kconfig';
  if (isMakefile(path)) return 'makefile';
  if (/\.(?:rst|txt|md|TXT)$|^README/.test(name) || path.startsWith('Documentation/')) {
    return 'documentation';
  }
  if (/\.rs$/.test(name)) return 'rust';
  if (/\.(?:c|h|S|s|cc|cpp|hpp|lds|dts|dtsi|dtso|inc|l|y|uc|asm|tbl|ihex)$/.test(name)) return 'c';
  return !SCRIPT.test(name) && isDefconfig(path, name) ? 'defconfig' : 'other';
}

/** Endings of scripts and data, some of which are called config as well; the last four are autoconf's. */
const SCRIPT = /\.(?:py|sh|pl|awk|php|rb|in|json|ya?ml|toml|xml|html|ac|guess|sub|log)$/;

/** Values of options: a whole configuration, or what kernels' selftests want of one. */
function isDefconfig(path: string, name: string): boolean {
  if (name === 'config') return !/(?:^|\/)scripts\/config$/.test(path);
  return (
    /(?:^|_|-|\.)defconfig$|\.config$|^config[-.]/.test(name) || /(?:^|\/)configs\//.test(path)
  );
}

/** Has a file the comments and conditionals of C and no functions of it: assembly, and scripts of linkers. */
export function isAssembly(path: string): boolean {
  return /\.(?:S|s|lds|asm)$/.test(path);
}
