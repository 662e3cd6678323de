import type { Kconfig } from 'kconfiglib-js';
import type { Context } from './command.ts';
import { writeRemark } from './output.ts';

/**
 * Say on standard error which questions of trees to the compiler nobody answered: values that hang on one may be other
 * than those of `make`. Trees that ask the same are named once; `--quiet` says nothing.
 */
export function remarkUnanswered(
  { args, io }: Pick<Context, 'args' | 'io'>,
  kconfigs: readonly Kconfig[],
): void {
  if (args.has('quiet')) return;
  const remarks = kconfigs.map(unansweredRemark).filter((remark) => remark !== undefined);
  for (const remark of new Set(remarks)) writeRemark(io, remark);
}

function unansweredRemark({ unanswered }: Kconfig): string | undefined {
  const [first] = unanswered;
  if (!first) return undefined;
  const { command, macro, span } = first;
  const asked = macro && macro.args.length > 0 ? `${macro.name}(${macro.args.join(',')})` : command;
  const count = unanswered.length === 1 ? '1 question' : `${unanswered.length} questions`;
  return (
    `${span.file}:${span.line}: warning: no recorded answer to ${count} to the toolchain, taken for ` +
    `n, 0 or nothing; the first is ${asked.trim()} (see kmatrix record-toolchain)`
  );
}
