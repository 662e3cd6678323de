/** Finding a VMA under mmap_lock, and growing the stack where a fault hits below it. After mm/mmap.c and mm/memory.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { AnonVma } from './anon-vma.ts';
import { lockFiles } from './lock/lock-files.ts';
import type { MmCore } from './mm-core.ts';
import { RLIMIT_STACK, STACK_GUARD_GAP } from './stack.ts';
import { VM_ACCESS_FLAGS, VM_GROWSDOWN } from './structs.ts';

export interface FindVma {
  /** `(mm, address) -> vma or 0`: the first VMA that ends above the address. mmap_lock is held. */
  readonly find_vma: Routine;
  /** `(mm, address, user) -> vma or 0`: with mmap_lock held for reading; grows the stack if it must. */
  readonly lock_mm_and_find_vma: Routine;
  /** `(mm, address) -> vma or 0`: grows a stack down to an address no VMA covers. mmap_lock is held for reading; with 0 it is free. */
  readonly expand_stack: Routine;
  /** `(mm, vma, address) -> 0 or -1`: mmap_lock is held for writing, in 6.4 for reading. */
  readonly expand_downwards: Routine;
}

/**
 * How a fault below a stack grows it: under the mmap_lock it holds for reading (6.4), or with mmap_lock for writing, which
 * lock_mm_and_find_vma takes (6.5).
 */
export type StackExpansion = 'mmap_read_lock' | 'lock_mm_and_find_vma';

/**
 * @param stackGrowth event counted when a fault has to take mmap_lock for writing to grow a stack
 */
export function findVma(
  c: MmCore,
  anon: AnonVma,
  expansion: StackExpansion,
  stackGrowth: number,
): FindVma {
  const { b, MM, VMA, mmap, lock, tree } = c;
  const { vm_start, vm_end, vm_flags, vm_pgoff } = VMA.at;

  const find_vma = b.fn(
    { file: 'mm/mmap.c', signature: '(mm, address) -> vma or NULL' },
    routine('find_vma', ['mm', 'address'], (v) => ({
      mt_find(k) {
        k.work(W.mt_find);
        return k.ret(tree.find(k, k.get(v.mm), k.get(v.address)));
      },
    })),
  );

  const underReadLock = expansion === 'mmap_read_lock';

  const expand_downwards = b.add(
    routine('expand_downwards', ['mm', 'vma', 'address', 'sem', 'error'], (v) => ({
      check_gap(k) {
        const prev = tree.prev(k, k.get(v.mm), k.peek(k.get(v.vma) + vm_start));
        if (prev === 0 || k.get(v.address) - k.peek(prev + vm_end) >= STACK_GUARD_GAP) return;
        // Another stack keeps a gap of its own, and what nobody may get at is as good as one.
        const flags = k.peek(prev + vm_flags);
        if (!(flags & VM_GROWSDOWN) && flags & VM_ACCESS_FLAGS) return k.ret(-1);
      },
      anon_vma_prepare: (k) => k.call(anon.anon_vma_prepare, k.get(v.vma)),
      vma_start_write(k) {
        if (!underReadLock) return k.call(lock.vma_start_write, k.get(v.vma));
      },
      anon_vma_lock_write(k) {
        k.set(v.sem, anon.rwsemOf(k, k.get(v.vma)));
        return k.call(c.rw.down_write, k.get(v.sem));
      },
      set_vm_start(k) {
        const vma = k.get(v.vma);
        const grow = k.peek(vma + vm_start) - k.get(v.address);
        // Under mmap_lock for reading another thread may have grown it while this one waited for the anon_vma.
        if (grow <= 0) return 'anon_vma_unlock_write';
        // acct_stack_growth
        if (k.peek(vma + vm_end) - k.get(v.address) > RLIMIT_STACK) {
          k.set(v.error, -1);
          return 'anon_vma_unlock_write';
        }
        if (!underReadLock) lock.assertWriteLocked(k, vma);
        k.work(W.vma_init);
        k.store(vma + vm_start, k.get(v.address));
        k.poke(vma + vm_pgoff, k.peek(vma + vm_pgoff) - grow);
        k.poke(k.get(v.mm) + MM.at.total_vm, k.peek(k.get(v.mm) + MM.at.total_vm) + grow);
      },
      vma_iter_store(k) {
        const vma = k.get(v.vma);
        tree.store(k, k.get(v.mm), k.get(v.address), k.peek(vma + vm_end), vma);
      },
      anon_vma_unlock_write: (k) => k.call(c.rw.up_write, k.get(v.sem)),
      done: (k) => k.ret(k.get(v.error)),
    })),
  );

  if (underReadLock) {
    return {
      find_vma,
      lock_mm_and_find_vma: growsUnderReadLock(),
      expand_stack: staysAsItIs(),
      expand_downwards,
    };
  }

  /** Only a fault of the program's own grows a stack then. */
  function staysAsItIs(): Routine {
    return b.add(
      routine('access_remote_vm.out', ['mm'], (v) => ({
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        none: (k) => k.ret(0),
      })),
    );
  }

  /** What stands in do_user_addr_fault itself in 6.4, from mmap_read_trylock to good_area. No wait of it can be killed. */
  function growsUnderReadLock(): Routine {
    return b.add(
      routine('do_user_addr_fault.lock_mmap', ['mm', 'address', 'user', 'vma'], (v) => ({
        mmap_read_trylock: (k) => k.call(mmap.mmap_read_trylock, k.get(v.mm)),
        locked(k) {
          if (k.result()) return 'find_vma';
        },
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        find_vma: (k) => k.call(find_vma, k.get(v.mm), k.get(v.address)),
        check_vma(k) {
          const vma = k.result();
          k.set(v.vma, vma);
          if (vma === 0) return 'bad_area';
          if (k.get(v.address) >= k.load(vma + vm_start)) return k.ret(vma);
          if (!(k.peek(vma + vm_flags) & VM_GROWSDOWN)) return 'bad_area';
        },
        expand_stack: (k) => k.call(expand_downwards, k.get(v.mm), k.get(v.vma), k.get(v.address)),
        expanded: (k) => (k.result() === 0 ? k.ret(k.get(v.vma)) : 'bad_area'),
        bad_area: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        none: (k) => k.ret(0),
      })),
    );
  }
  /** `(mm, vma, address) -> 0 or -1`: downwards on x86. */
  const expand_stack_locked = b.add(
    routine('expand_stack_locked', ['mm', 'vma', 'address'], (v) => ({
      expand_downwards: (k) =>
        k.call(expand_downwards, k.get(v.mm), k.get(v.vma), k.get(v.address)),
      done: (k) => k.ret(k.result()),
    })),
  );

  const expand_stack = b.add(
    routine('expand_stack', ['mm', 'address', 'vma'], (v) => ({
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      find_vma_prev(k) {
        if (k.result() !== 0) return k.ret(0);
        const vma = tree.find(k, k.get(v.mm), k.get(v.address));
        k.set(v.vma, vma);
        if (vma === 0) return 'mmap_write_unlock';
        if (k.peek(vma + vm_start) <= k.get(v.address)) return 'mmap_write_downgrade';
        if (!(k.peek(vma + vm_flags) & VM_GROWSDOWN)) return 'mmap_write_unlock';
        return k.call(expand_downwards, k.get(v.mm), vma, k.get(v.address));
      },
      expanded(k) {
        if (k.result() !== 0) return 'mmap_write_unlock';
      },
      mmap_write_downgrade: (k) => k.call(mmap.mmap_write_downgrade, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.vma)),
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      none: (k) => k.ret(0),
    })),
  );

  const lock_mm_and_find_vma = b.fn(
    { file: lockFiles(c.release).code, signature: '(mm, address, regs) -> vma or NULL' },
    routine('lock_mm_and_find_vma', ['mm', 'address', 'user', 'vma'], (v) => ({
      mmap_read_trylock: (k) => k.call(mmap.mmap_read_trylock, k.get(v.mm)),
      locked(k) {
        if (k.result()) return 'find_vma';
      },
      // Kernel-mode faults of the model all have an exception-table entry, so they may sleep here too.
      mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
      killed(k) {
        if (k.result() !== 0) return k.ret(0);
      },
      find_vma: (k) => k.call(find_vma, k.get(v.mm), k.get(v.address)),
      check_vma(k) {
        const vma = k.result();
        k.set(v.vma, vma);
        if (vma === 0) return 'fail_read';
        if (k.get(v.address) >= k.load(vma + vm_start)) return k.ret(vma);
        if (!(k.peek(vma + vm_flags) & VM_GROWSDOWN)) return 'fail_read';
      },
      // There is no atomic upgrade: drop it, take it for writing, look again.
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      mmap_write_lock_killable(k) {
        k.count(stackGrowth);
        return k.call(mmap.mmap_write_lock_killable, k.get(v.mm));
      },
      killed_write(k) {
        if (k.result() !== 0) return k.ret(0);
      },
      find_vma_again: (k) => k.call(find_vma, k.get(v.mm), k.get(v.address)),
      check_again(k) {
        const vma = k.result();
        k.set(v.vma, vma);
        if (vma === 0) return 'fail_write';
        if (k.get(v.address) >= k.load(vma + vm_start)) return 'mmap_write_downgrade';
        if (!(k.peek(vma + vm_flags) & VM_GROWSDOWN)) return 'fail_write';
      },
      expand_stack_locked: (k) =>
        k.call(expand_stack_locked, k.get(v.mm), k.get(v.vma), k.get(v.address)),
      expanded(k) {
        if (k.result() !== 0) return 'fail_write';
      },
      mmap_write_downgrade: (k) => k.call(mmap.mmap_write_downgrade, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.vma)),
      fail_read: (k) => k.callThen('none', mmap.mmap_read_unlock, k.get(v.mm)),
      fail_write: (k) => k.callThen('none', mmap.mmap_write_unlock, k.get(v.mm)),
      none: (k) => k.ret(0),
    })),
  );
  return { find_vma, lock_mm_and_find_vma, expand_stack, expand_downwards };
}
