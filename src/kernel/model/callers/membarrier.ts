/** membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED). After kernel/sched/membarrier.c. */
import { type Routine, routine } from '../machine/index.ts';
import { EPERM, type MmCore } from '../mm/mm-core.ts';

/** MEMBARRIER_STATE_PRIVATE_EXPEDITED_READY. */
const READY = 1;

export interface Membarrier {
  /** `(mm) -> 0`. */
  readonly membarrier_register: Routine;
  /** `(mm) -> 0 or -EPERM`: interrupts every CPU that runs a thread of the mm. */
  readonly membarrier: Routine;
}

export function membarrier(c: MmCore): Membarrier {
  const { b, MM } = c;
  const { membarrier_state, mm_users } = MM.at;
  const smp = b.enabled('SMP');

  return {
    membarrier_register: b.add(
      routine('membarrier_register_private_expedited', ['mm'], (v) => ({
        set_state(k) {
          k.store(k.get(v.mm) + membarrier_state, READY);
          return k.ret(0);
        },
      })),
    ),
    membarrier: b.add(
      routine('membarrier_private_expedited', ['mm'], (v) => ({
        check_state(k) {
          if (k.load(k.get(v.mm) + membarrier_state) !== READY) return k.ret(-EPERM);
          if (!smp) return k.ret(0);
        },
        // The only thread of an mm runs here.
        is_alone(k) {
          if (k.load(k.get(v.mm) + mm_users) === 1) return k.ret(0);
        },
        // The same interrupt as a TLB flush's: to each other CPU that runs the mm, and waited for.
        smp_call_function_many(k) {
          k.flushTlb(k.get(v.mm));
          return k.ret(0);
        },
      })),
    ),
  };
}
