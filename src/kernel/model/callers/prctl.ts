/** prctl options that act on the mm. After kernel/sys.c. */
import { type Routine, routine } from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { MMF_DISABLE_THP } from '../mm/structs.ts';

/** @returns `(mm, on) -> 0 or -EINTR`: PR_SET_THP_DISABLE. */
export function prctlThpDisable(c: MmCore): Routine {
  const { b, MM, mmap } = c;
  return b.add(
    routine('prctl_set_thp_disable', ['mm', 'on'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      set_flag(k) {
        if (k.result() !== 0) return k.ret(k.result());
        const at = k.get(v.mm) + MM.at.flags;
        const others = k.load(at) & ~MMF_DISABLE_THP;
        k.poke(at, others | (k.get(v.on) ? MMF_DISABLE_THP : 0));
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(0),
    })),
  );
}
