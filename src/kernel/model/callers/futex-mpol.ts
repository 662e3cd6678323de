/** The node of a futex, where it is that of the memory policy of its VMA. After futex_mpol and futex_key_to_node_opt in kernel/futex/core.c. */
import { type Exec, type Routine, routine } from '../machine/index.ts';
import { speculationSites } from '../mm/lock/speculate.ts';
import { EINVAL, type MmCore } from '../mm/mm-core.ts';
import { MPOL } from '../uapi.ts';

const FILE = 'kernel/futex/core.c';
/** No policy names a node. */
const FUTEX_NO_NODE = -1;
const EBUSY = 16;
const EAGAIN = 11;

/**
 * @param known whether the edition knows FUTEX2_MPOL; others refuse the flag
 * @param policies FUTEX_MPOL
 * @returns `(mm, address) -> 0 or -EINVAL`: wakes nobody on a private futex
 */
export function futexWakeMpol(c: MmCore, known: boolean, policies: boolean): Routine {
  const { b, lock } = c;
  if (!known) {
    return b.lack(routine('futex2_wake_invalid', ['mm'], () => ({ flags: (k) => k.ret(-EINVAL) })));
  }
  // Without the option there is no policy to look at, and every futex is without a node.
  const { speculate } = lock;
  const futex_mpol = policies && speculate !== undefined ? futexMpol(c) : undefined;
  return b.add(
    routine('futex_wake_mpol', ['mm', 'address'], (v) => ({
      get_futex_key(k) {
        if (futex_mpol === undefined) return;
        return k.call(futex_mpol, k.get(v.mm), k.get(v.address));
      },
      futex_hb_waiters_pending: (k) => k.ret(0),
    })),
  );
}

/** `(mm, address) -> node`. */
function futexMpol(c: MmCore): Routine {
  const { b, VMA, mmap, lock, rcu, tree } = c;
  const { speculate } = lock;
  if (speculate === undefined) throw new RangeError('this edition cannot speculate');
  const sites = speculationSites(b, 'futex_mpol', FILE);
  /** __futex_key_to_node: the policy of a VMA is one word of it. */
  const vmaPolicy = (k: Exec, vma: number): number => {
    const policy = VMA.at.vm_policy;
    return policy !== undefined && k.load(vma + policy) === MPOL.preferred ? 0 : FUTEX_NO_NODE;
  };

  const futex_key_to_node_opt = b.fn(
    { file: FILE, signature: '(mm, addr) -> int' },
    routine('futex_key_to_node_opt', ['mm', 'address', 'seq', 'vma', 'node'], (v) => ({
      mmap_lock_speculate_try_begin(k) {
        rcu.readLock(k);
        k.set(v.node, FUTEX_NO_NODE);
        return k.call(speculate.try_begin, k.get(v.mm));
      },
      began(k) {
        k.set(v.seq, k.result() - 1);
        if (k.result() !== 0) return;
        rcu.readUnlock(k);
        return k.ret(-EBUSY);
      },
      vma_lookup(k) {
        k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
        if (k.get(v.vma) === 0) return 'mmap_lock_speculate_retry';
      },
      vma_policy(k) {
        k.set(v.node, vmaPolicy(k, k.get(v.vma)));
      },
      mmap_lock_speculate_retry: (k) => k.call(speculate.retry, k.get(v.mm), k.get(v.seq)),
      done(k) {
        rcu.readUnlock(k);
        return k.ret(k.result() !== 0 ? -EAGAIN : k.get(v.node));
      },
    })),
  );

  return b.fn(
    { file: FILE, signature: '(mm, addr) -> int' },
    routine('futex_mpol', ['mm', 'address', 'vma', 'node'], (v) => ({
      futex_key_to_node_opt: (k) => k.call(futex_key_to_node_opt, k.get(v.mm), k.get(v.address)),
      got_node(k) {
        if (k.result() >= FUTEX_NO_NODE) return k.ret(k.result());
        k.count(k.result() === -EBUSY ? sites.begin : sites.retry);
      },
      mmap_read_lock: (k) => k.call(c.mmap.mmap_read_lock, k.get(v.mm)),
      vma_lookup(k) {
        k.set(v.node, FUTEX_NO_NODE);
        k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
        if (k.get(v.vma) === 0) return 'mmap_read_unlock';
      },
      vma_policy(k) {
        k.set(v.node, vmaPolicy(k, k.get(v.vma)));
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.node)),
    })),
  );
}
