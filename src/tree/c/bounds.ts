import { dataModelOf } from '../preprocess/compiler.ts';
import {
  type Configuration,
  filesOf,
  plainFiles,
  type Setting,
  settingOf,
  unitIn,
} from '../preprocess/configuration.ts';
import type { Generated, KernelFiles } from '../preprocess/kernel-files.ts';
import type { Unit } from '../preprocess/unit.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { Unsized } from './constant.ts';
import { Declared } from './declared.ts';
import { attempt, Layouts } from './layout.ts';
import type { SyntaxParser } from './parser.ts';
import { Types } from './records.ts';

/** The file whose numbers a build writes to include/generated/bounds.h (the kernel's Kbuild). */
const BOUNDS = 'kernel/bounds.c';

/**
 * Files a build makes before it compiles, by the name they are included by: the version, numbers of system calls, time
 * constants, and the numbers of kernel/bounds.c, computed from the tree's declarations instead of read from a compiler's
 * assembler. What is made by programs of the tree (asm-offsets.h, decoder tables) or tells of the build (compile.h) is
 * not; a file that includes it has a note saying so.
 */
export function generatedFiles(
  files: KernelFiles,
  configuration: Configuration,
  parser: SyntaxParser,
): Map<string, string> {
  const made = plainFiles(files.tree, configuration);
  const setting = boundsSetting(files.tree, configuration, made);
  if (!setting) return made;
  return made.set(
    BOUNDS_HEADER,
    boundsIn(unitIn(setting, filesOf(files, setting)), configuration, parser),
  );
}

/** The header a build makes of kernel/bounds.c, by the name it is included by. */
export const BOUNDS_HEADER = 'generated/bounds.h';

/** What kernel/bounds.c is preprocessed with, beside other files that a build makes; undefined where a tree has none. */
export function boundsSetting(
  tree: SourceTree,
  configuration: Configuration,
  made: Generated,
): Setting | undefined {
  if (!tree.has(BOUNDS)) return undefined;
  // Without the DEFINE of linux/kbuild.h, its uses stay in what is left of the file.
  return settingOf(tree, BOUNDS, configuration, new Map([...made, ['linux/kbuild.h', '']]));
}

/** The text of the header a build makes of kernel/bounds.c. */
export function boundsIn(
  unit: Unit,
  { arch, values }: Pick<Configuration, 'arch' | 'values'>,
  parser: SyntaxParser,
): string {
  const declared = new Declared(unit);
  const types = new Types(declared, parser);
  const layouts = new Layouts(types, dataModelOf(arch, values), parser);
  const lines: string[] = [];
  for (let at = 0; at < declared.tokens.length; at++) {
    if (declared.text(at) !== 'DEFINE' || declared.text(at + 1) !== '(') continue;
    const close = declared.closing(at + 1);
    const value = attempt(() => layouts.constant(declared.source(at + 4, close)));
    if (!(value instanceof Unsized)) lines.push(`#define ${declared.text(at + 2)} ${value}\n`);
    at = close;
  }
  return lines.join('');
}
