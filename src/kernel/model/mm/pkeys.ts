/** Protection keys: taking them and giving them back. After mm/mprotect.c and arch/x86/include/asm/pkeys.h; the processor has them. */
import { type Exec, type Routine, routine } from '../machine/index.ts';
import { EINVAL, ENOSPC, type MmCore } from './mm-core.ts';

const KEYS = 16;

export interface Pkeys {
  /** `(mm) -> key or -ENOSPC`. */
  readonly pkey_alloc: Routine;
  /** `(mm, key) -> 0 or -EINVAL`. */
  readonly pkey_free: Routine;
}

/** Whether a key has been taken; key 0 is everybody's. mmap_lock is held. */
export function pkeyIsAllocated(c: MmCore, k: Exec, mm: number, key: number): boolean {
  if (key < 0 || key >= KEYS) return false;
  return key === 0 || (k.peek(mm + c.MM.at.pkey_allocation_map) & (1 << key)) !== 0;
}

export function pkeys(c: MmCore): Pkeys {
  const { b, MM, mmap } = c;
  const { pkey_allocation_map } = MM.at;

  const pkey_alloc = b.add(
    routine('__do_sys_pkey_alloc', ['mm', 'ret'], (v) => ({
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      mm_pkey_alloc(k) {
        const at = k.get(v.mm) + pkey_allocation_map;
        let key = 1;
        while (key < KEYS && pkeyIsAllocated(c, k, k.get(v.mm), key)) key++;
        k.access(at, 1);
        if (key < KEYS) k.poke(at, k.peek(at) | (1 << key));
        k.set(v.ret, key < KEYS ? key : -ENOSPC);
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  const pkey_free = b.add(
    routine('__do_sys_pkey_free', ['mm', 'key', 'ret'], (v) => ({
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      mm_pkey_free(k) {
        const at = k.get(v.mm) + pkey_allocation_map;
        const key = k.get(v.key);
        if (!pkeyIsAllocated(c, k, k.get(v.mm), key)) k.set(v.ret, -EINVAL);
        else k.store(at, k.peek(at) & ~(1 << key));
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
  return { pkey_alloc, pkey_free };
}
