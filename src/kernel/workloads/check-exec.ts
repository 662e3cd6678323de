import { inputError } from '../../input/index.ts';
import { bodiesOf, type Statement, someStatement, type Workload } from './workload.ts';

const isExec = (s: Statement) => s.kind === 'op' && s.op === 'execve';

/** The first `execve` that a listed thread itself does. */
function ownExec(body: readonly Statement[]): Statement | undefined {
  for (const s of body) {
    if (isExec(s)) return s;
    const inner =
      s.kind === 'spawn'
        ? undefined
        : bodiesOf(s)
            .map(ownExec)
            .find((found) => found);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/**
 * Refuses what an `execve` by a listed thread would leave without an end: it ends the other threads of its process, which the file may wait for
 * at a barrier, or at the end of the run.
 *
 * @throws {InputError}
 */
export function checkExec(workload: Workload): void {
  const setups = [workload.setup, ...workload.threads.map((t) => t.setup)];
  const early = setups.map(ownExec).find((s) => s !== undefined);
  if (early !== undefined) {
    throw inputError(
      'bad-exec',
      'execve in a setup would end the threads of the run',
      early.span,
      'do it in the run, or in a child',
    );
  }
  for (const kind of workload.threads) {
    const exec = ownExec(kind.run);
    if (exec === undefined || kind.process === 'own') continue;
    const met = workload.threads.some(
      (t) => t.background || someStatement(t.run, (s) => s.kind === 'barrier'),
    );
    if (!met) continue;
    throw inputError(
      'bad-exec',
      'execve ends the other threads of its process, for which a barrier or a background thread would wait',
      exec.span,
      'do it in a child, or write `process: own`',
    );
  }
}
