/** Who calls whom in a run, as function tracing of a real kernel shows it. For tests. */
import { type Control, type Routine, SequentialExec, TASK } from './model/machine/index.ts';
import { FRAME_CALLER, FRAME_ROUTINE } from './model/machine/task.ts';
import type { Watch } from './simulate.ts';

/** Calls by callee, then by the name of the nearest caller that `isFunction`; routines in between are code inlined there. */
export type Callers = Record<string, Record<string, number>>;

/**
 * Watches the measured part of a run.
 *
 * @param callees names of routines whose calls are tallied
 * @param isFunction whether a routine of the model is a function of its own in the kernel traced
 */
export function watchCallers(
  callees: ReadonlySet<string>,
  isFunction: (name: string, callee: string) => boolean,
): Watch & { readonly callers: Callers } {
  const callers: Callers = {};
  let watching = false;

  class CallerExec extends SequentialExec {
    #tally(callee: Routine): void {
      if (!watching || !callees.has(callee.name)) return;
      let fp = this.mem[(this.mem[this.task + TASK.at.fp] as number) + FRAME_CALLER] as number;
      let name = 'user space';
      for (; fp !== 0; fp = this.mem[fp + FRAME_CALLER] as number) {
        const at = this.routines[this.mem[fp + FRAME_ROUTINE] as number] as Routine;
        if (!isFunction(at.name, callee.name)) continue;
        name = at.name;
        break;
      }
      callers[callee.name] ??= {};
      const of = callers[callee.name] as Record<string, number>;
      of[name] = (of[name] ?? 0) + 1;
    }

    override call(routine: Routine, ...args: number[]): Control {
      const control = super.call(routine, ...args);
      this.#tally(routine);
      return control;
    }

    override callThen(label: string, routine: Routine, ...args: number[]): Control {
      const control = super.callThen(label, routine, ...args);
      this.#tally(routine);
      return control;
    }
  }

  return {
    callers,
    executor: (spec) =>
      new CallerExec(spec.routines, spec.area, spec.words, spec.events.names.length),
    begin() {
      watching = true;
    },
  };
}
