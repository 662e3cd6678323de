import type { Edition, KernelConfig } from '../model/index.ts';
import { KernelBug, TASK } from '../model/index.ts';
import { kernelSubject } from './kernel-subject.ts';
import type { Question } from './question.ts';
import type { Trace } from './trace.ts';

/** What became of a trace walked again. */
export interface Replay {
  /** Steps that went as written. */
  readonly steps: number;
  /** Where it went another way, or what the last step broke; absent when all went as written. */
  readonly differs?: string;
  /** The rule that the last step broke. */
  readonly broke?: string;
  /** Where each thread that has not ended stands at the end. */
  readonly ends: readonly string[];
}

/** Walks the steps of a trace on a fresh machine, one by one, without the checker's tables. */
export function replay(
  edition: Edition,
  config: KernelConfig,
  question: Question,
  trace: Pick<Trace, 'steps'>,
): Replay {
  const s = kernelSubject(edition, config, question);
  const { exec } = s;
  exec.mem.set(s.initial);
  const ends = () =>
    s.tasks.flatMap((_, t) => {
      const at = exec.where(t);
      return at === undefined ? [] : [`thread ${t} in ${at.routine.name}.${at.label}`];
    });
  for (const [i, { thread, routine, label }] of trace.steps.entries()) {
    const at = exec.where(thread);
    const here = at === undefined ? 'has ended' : `is at ${at.routine.name}.${at.label}`;
    if (at?.routine.name !== routine || at.label !== label) {
      const differs = `step ${i + 1}: thread ${thread} ${here}, not at ${routine}.${label}`;
      return { steps: i, differs, ends: ends() };
    }
    if (exec.mem[(s.tasks[thread] as number) + TASK.at.on_rq] !== 1) {
      return { steps: i, differs: `step ${i + 1}: thread ${thread} sleeps`, ends: ends() };
    }
    exec.select(thread);
    try {
      exec.step();
    } catch (error) {
      if (!(error instanceof KernelBug)) throw error;
      return { steps: i + 1, broke: error.message, ends: ends() };
    }
  }
  return { steps: trace.steps.length, ends: ends() };
}
