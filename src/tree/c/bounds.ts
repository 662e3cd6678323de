import { dataModelOf } from '../preprocess/compiler.ts';
import { type Configuration, plainFiles, unitOf } from '../preprocess/configuration.ts';
import type { KernelFiles } from '../preprocess/kernel-files.ts';
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
  if (!files.tree.has(BOUNDS)) return made;
  // Without the DEFINE of linux/kbuild.h, its uses stay in what is left of the file.
  const unit = unitOf(files, BOUNDS, configuration, new Map([...made, ['linux/kbuild.h', '']]));
  const declared = new Declared(unit);
  const types = new Types(declared, parser);
  const layouts = new Layouts(types, dataModelOf(configuration.arch, configuration.values), parser);
  const lines: string[] = [];
  for (let at = 0; at < declared.tokens.length; at++) {
    if (declared.text(at) !== 'DEFINE' || declared.text(at + 1) !== '(') continue;
    const close = declared.closing(at + 1);
    const value = attempt(() => layouts.constant(declared.source(at + 4, close)));
    if (!(value instanceof Unsized)) lines.push(`#define ${declared.text(at + 2)} ${value}\n`);
    at = close;
  }
  return made.set('generated/bounds.h', lines.join(''));
}
