import { inputError, readText } from '../../../input/index.ts';
import { DEFAULT_QUESTION, replay } from '../../../kernel/index.ts';
import { parseVerdict } from '../../../report/index.ts';
import { editionOf } from '../../edition.ts';
import type { KernelOf } from './kernel-of.ts';

/** Walks the trace of an exported verdict again. Gives what to say and whether all went as written. */
export async function replayFile(
  path: string,
  kernelOf: KernelOf,
): Promise<{ text: string; same: boolean }> {
  const { edition: name, question, trace } = parseVerdict(readText(path, 'verdict'), path);
  if (trace === null) {
    throw inputError('no-trace', `${path}: a verdict that holds has no trace to replay`);
  }
  const edition = editionOf(name);
  const asked = { ...DEFAULT_QUESTION, ...question };
  const { steps, differs, broke, ends } = replay(edition, await kernelOf(edition), asked, trace);
  const of = `${steps} of ${trace.steps.length} steps went as written`;
  const places = ends.length > 0 ? ends.join('; ') : 'all threads have ended';
  return {
    text: `${of}\n${differs ?? broke ?? `at the end: ${places}`}\n`,
    same: differs === undefined,
  };
}
