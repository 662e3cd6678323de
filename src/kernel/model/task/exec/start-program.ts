/** What a program does outside its own code: from its entry point to `main`, and in the child of a fork. In user mode. */
import { type Exec, type Routine, routine, TASK } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import type { Step } from '../../program.ts';
import { PROT_READ } from '../../uapi.ts';
import type { OpName } from '../../user-ops.ts';
import type { Binaries } from './binaries.ts';
import { placeOf } from './layout.ts';

const T = TASK.at;

/** The operations a program's steps are made of. */
export type StepOps = Readonly<
  Record<Extract<OpName, 'read' | 'write' | 'brk' | 'mprotect'>, Routine>
>;

/** `() -> 0`: the steps of the program the caller runs. */
export function programSteps(
  c: MmCore,
  binaries: Binaries,
  user: StepOps,
  which: 'start' | 'forked',
): Routine {
  const { b, MM, pt } = c;
  const programs = binaries.programs;
  return b.add(
    routine(which === 'start' ? '_start' : 'fork_child', ['i', 'page'], (v) => {
      const mm = (k: Exec) => k.peek(k.task + T.mm);
      const program = (k: Exec) =>
        programs[k.peek(mm(k) + MM.at.exe_file)] as (typeof programs)[number];
      const place = (k: Exec, base: Extract<Step, { base: unknown }>['base']) =>
        // A thread's own stack begins in the page of its control block.
        (base === 'stack' && k.peek(k.task + T.fsbase)) ||
        placeOf(k, mm(k), MM, pt, program(k), base);
      const skip = (k: Exec) => {
        k.set(v.i, k.get(v.i) + 1);
        return 'step' as const;
      };
      return {
        step(k) {
          const step = program(k)[which][k.get(v.i)];
          if (step === undefined) return k.ret(0);
          if (step.does === 'brk') {
            skip(k);
            return k.callThen('step', user.brk, step.pages);
          }
          if (step.does === 'relro') {
            skip(k);
            const file = step.base === 'image' ? program(k).file : program(k).interpreter;
            if (file?.relro === undefined) return 'step';
            const at = place(k, step.base) + file.relro.at;
            return k.callThen('step', user.mprotect, at, file.relro.pages, PROT_READ);
          }
          const page = k.get(v.page);
          if (page === step.pages) {
            k.set(v.page, 0);
            return skip(k);
          }
          k.set(v.page, page + 1);
          return k.callThen('step', user[step.does], place(k, step.base) + step.page + page);
        },
      };
    }),
  );
}
