import type { SourceTree } from '../source/source-tree.ts';
import { compilerMacros } from './compiler.ts';
import { compilerHeaders } from './compiler-headers.ts';
import { cpuFeatureMasks } from './cpu-feature-masks.ts';
import { includedAhead, includeFolders, optionsHeader } from './include-folders.ts';
import { kbuildFlags } from './kbuild-flags.ts';
import type { Generated, KernelFiles } from './kernel-files.ts';
import { type Macro, plainMacro } from './macro.ts';
import { type PreprocessOptions, preprocess } from './preprocessor.ts';
import { syscallFiles } from './syscall-files.ts';
import { timeConstants } from './time-constants.ts';
import type { Files, Unit } from './unit.ts';

/** A configuration of a tree as a compiler meets it. */
export interface Configuration {
  readonly values: (symbol: string) => string | undefined;
  /** The text of include/generated/autoconf.h. */
  readonly autoconf: string;
  /** The folder below arch/. */
  readonly arch: string;
  /** The file is compiled for a module. */
  readonly module?: boolean;
  /** Where else headers are looked for. */
  readonly folders?: readonly string[];
}

/** All that makes a unit of a file, besides the files it includes. */
export interface Setting {
  readonly main: string;
  readonly arch: string;
  readonly macros: readonly Macro[];
  /** Where else headers are looked for. */
  readonly folders: readonly string[];
  readonly generated: Generated;
  /** Files included ahead of the main one. */
  readonly before: readonly string[];
}

/** What a file of a tree, or one beside it, is preprocessed with in a configuration. */
export function settingOf(
  tree: SourceTree,
  main: string,
  configuration: Configuration,
  generated: Generated,
): Setting {
  const { arch, values, autoconf, module } = configuration;
  const flags = kbuildFlags(tree, main, configuration);
  const named = optionsHeader(tree);
  return {
    main,
    arch,
    macros: [
      ...compilerMacros(arch, values),
      ...kbuildMacros(main, module === true),
      ...flags.macros,
    ],
    folders: [...flags.folders, ...includeFolders(tree), ...(configuration.folders ?? [])],
    generated: new Map([
      ...(named === undefined ? [] : [[named, autoconf] as const]),
      ...generated,
      ['generated/autoconf.h', autoconf],
    ]),
    before: includedAhead(tree),
  };
}

/** The files of a setting, as its compiler finds them. */
export function filesOf(files: KernelFiles, { arch, generated, folders }: Setting): Files {
  return files.for(arch, generated, folders);
}

/** Preprocess the file of a setting with such files. `focus` is the file it includes that is looked at, instead of itself. */
export function unitIn(
  { main, macros, before }: Setting,
  files: Files,
  { items, focus }: Pick<PreprocessOptions, 'items' | 'focus'> = {},
): Unit {
  return preprocess(main, files, macros, { before, ...(items && { items }), focus });
}

/** Preprocess a file of a tree, or one beside it, in a configuration. `items` stand in for its text. */
export function unitOf(
  files: KernelFiles,
  main: string,
  configuration: Configuration,
  generated: Generated,
  options: Pick<PreprocessOptions, 'items'> = {},
): Unit {
  const setting = settingOf(files.tree, main, configuration, generated);
  return unitIn(setting, filesOf(files, setting), options);
}

/** What Kbuild defines for each file (scripts/Makefile.lib, modname_flags). */
function kbuildMacros(main: string, module: boolean): Macro[] {
  const name = /([^/]*?)(?:\.[^./]*)?$/.exec(main)?.[1]?.replace(/\W/g, '_') ?? '';
  return [
    plainMacro('KBUILD_MODNAME', `"${name}"`),
    plainMacro('KBUILD_BASENAME', `"${name}"`),
    plainMacro('KBUILD_MODFILE', `"${name}"`),
    ...(module ? [plainMacro('MODULE', '1')] : []),
  ];
}

/** Files a build makes of the tree's tables and a configuration, by the name they are included by. */
export function plainFiles(
  tree: SourceTree,
  { arch, values }: Pick<Configuration, 'arch' | 'values'>,
): Map<string, string> {
  const made = new Map([
    ...compilerHeaders(tree),
    ...versionFiles(tree),
    ...syscallFiles(tree, arch),
  ]);
  const hz = Number(values('HZ'));
  // Kconfig asks for a rate in every kernel; what is none has no ticks to convert.
  if (Number.isInteger(hz) && hz > 1) made.set('generated/timeconst.h', timeConstants(hz));
  const board = boardHeader(tree, values);
  if (board !== undefined) made.set('config.h', board);
  const masks = arch === 'x86' ? cpuFeatureMasks(tree, values) : undefined;
  if (masks !== undefined) made.set('asm/cpufeaturemasks.h', masks);
  return made;
}

/** The header U-Boot makes of the name of a board's own (scripts/Makefile.autoconf, filechk_config_h). */
function boardHeader(
  tree: SourceTree,
  values: Pick<Configuration, 'values'>['values'],
): string | undefined {
  const name = values('SYS_CONFIG_NAME')?.replaceAll('"', '');
  if (!name || !tree.has('scripts/Makefile.autoconf')) return undefined;
  const headers = [`configs/${name}.h`, 'asm/config.h', 'linux/kconfig.h', 'config_fallbacks.h'];
  return headers.map((header) => `#include <${header}>\n`).join('');
}

/** Files a build makes from the version alone. */
function versionFiles(tree: SourceTree): Map<string, string> {
  const makefile = tree.text('Makefile') ?? '';
  const part = (name: string): number =>
    Number(new RegExp(`^${name}[ \\t]*=[ \\t]*(\\d+)`, 'm').exec(makefile)?.[1] ?? 0);
  const [version, patch, sub] = [part('VERSION'), part('PATCHLEVEL'), part('SUBLEVEL')];
  // The last part has 8 bits (Makefile, filechk_version.h).
  const code = version * 65536 + patch * 256 + Math.min(sub, 255);
  const macros = [
    `LINUX_VERSION_CODE ${code}`,
    'KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))',
    `LINUX_VERSION_MAJOR ${version}`,
    `LINUX_VERSION_PATCHLEVEL ${patch}`,
    `LINUX_VERSION_SUBLEVEL ${sub}`,
  ];
  return new Map([
    ['linux/version.h', macros.map((macro) => `#define ${macro}\n`).join('')],
    ['generated/utsrelease.h', `#define UTS_RELEASE "${version}.${patch}.${sub}"\n`],
  ]);
}
