/** anon_vma: what private anonymous pages point back to. After mm/rmap.c. */
import { type Exec, type Routine, routine, W, wordStruct } from '../machine/index.ts';
import { RWSEM } from '../sync/rwsem/index.ts';
import { slab } from '../sync/slab.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { MmCore } from './mm-core.ts';
import { VM_ACCESS_FLAGS, VM_SOFTDIRTY } from './structs.ts';

/**
 * The anon_vmas of processes forked from each other form a tree; the rwsem of its root is the one that is locked. `refcount` is the
 * VMAs linked to it and, at a root, the anon_vmas below.
 */
const ANON_VMA = wordStruct('anon_vma', { refcount: 1, root: 1, rwsem: RWSEM });

export interface AnonVma {
  /** `(vma) -> 0`: gives the VMA an anon_vma, a neighbour's if that may be shared. mmap_lock or its trylock is held. */
  readonly __anon_vma_prepare: Routine;
  /** `(vma) -> 0`: the same, unless the VMA has one (anon_vma_prepare). */
  readonly anon_vma_prepare: Routine;
  /** `(dst, src)`: links a VMA to the anon_vma of another. */
  readonly anon_vma_clone: Routine;
  /** `(vma, pvma)`: gives a child's VMA an anon_vma of its own in the tree of its parent's. */
  readonly anon_vma_fork: Routine;
  /** `(vma)`: unlinks; the last VMA frees it. */
  readonly unlink_anon_vmas: Routine;
  /** Address of the rwsem of a VMA's anon_vma, 0 without one. */
  rwsemOf(k: Exec, vma: number): number;
  /** Whether an anon_vma came from a fork: its VMAs then have a chain of more than one (vma_is_fork_child). */
  isForked(k: Exec, anon: number): boolean;
  /** The anon_vma whose rwsem stands for another's. */
  rootOf(k: Exec, anon: number): number;
  /** Gives a VMA nobody else can see an anon_vma of its own. */
  attachFresh(k: Exec, vma: number): void;
  /** Gives a VMA nobody else can see the anon_vma of another. */
  attachShared(k: Exec, vma: number, other: number): void;
  inUse(k: Exec): number;
}

export function anonVma(c: MmCore): AnonVma {
  const { b, VMA, MM, rw, tree } = c;
  const { anon_vma, vm_start, vm_end, vm_mm, vm_flags, vm_ops, vm_pgoff, vm_file, vm_policy } =
    VMA.at;
  const pool = slab(b, ANON_VMA, b.size.vmas, 'anon_vma');
  const REFS = ANON_VMA.at.refcount;
  const ROOT = ANON_VMA.at.root;
  const rootSem = (k: Exec, anon: number): number => k.peek(anon + ROOT) + ANON_VMA.at.rwsem;
  const isRoot = (k: Exec, anon: number): boolean => k.peek(anon + ROOT) === anon;
  const fresh = (k: Exec): number => {
    const anon = pool.alloc(k);
    k.fill(0, anon, anon + ANON_VMA.size);
    k.poke(anon + ROOT, anon);
    return anon;
  };

  // anon_vma_compatible: neighbours that could merge if it were not for their protection.
  const compatible = (k: Exec, a: number, z: number): boolean =>
    k.peek(a + vm_end) === k.peek(z + vm_start) &&
    k.peek(a + vm_ops) === k.peek(z + vm_ops) &&
    k.peek(a + vm_file) === k.peek(z + vm_file) &&
    (vm_policy === undefined || k.peek(a + vm_policy) === k.peek(z + vm_policy)) &&
    ((k.peek(a + vm_flags) ^ k.peek(z + vm_flags)) & ~(VM_ACCESS_FLAGS | VM_SOFTDIRTY)) === 0 &&
    k.peek(z + vm_pgoff) === k.peek(a + vm_pgoff) + (k.peek(z + vm_start) - k.peek(a + vm_start));

  const __anon_vma_prepare = b.add(
    routine('__anon_vma_prepare', ['vma', 'anon', 'fresh'], (v) => ({
      find_next(k) {
        const vma = k.get(v.vma);
        const next = tree.find(k, k.peek(vma + vm_mm), k.peek(vma + vm_end));
        const anon = next !== 0 ? k.peek(next + anon_vma) : 0;
        if (anon !== 0 && isRoot(k, anon) && compatible(k, vma, next)) {
          k.set(v.anon, anon);
          return 'anon_vma_lock_write';
        }
      },
      find_prev(k) {
        const vma = k.get(v.vma);
        const prev = tree.prev(k, k.peek(vma + vm_mm), k.peek(vma + vm_start));
        const anon = prev !== 0 ? k.peek(prev + anon_vma) : 0;
        if (anon !== 0 && isRoot(k, anon) && compatible(k, prev, vma)) {
          k.set(v.anon, anon);
          return 'anon_vma_lock_write';
        }
      },
      anon_vma_alloc(k) {
        k.work(W.anon_vma_alloc);
        k.set(v.anon, fresh(k));
        k.set(v.fresh, 1);
      },
      anon_vma_lock_write: (k) => k.call(rw.down_write, rootSem(k, k.get(v.anon))),
      lock_page_table_lock: (k) =>
        spinLock(k, k.peek(k.get(v.vma) + vm_mm) + MM.at.page_table_lock),
      set_anon_vma(k) {
        const vma = k.get(v.vma);
        const anon = k.get(v.anon);
        // Another thread of the mm may have been faster: keep its anon_vma.
        if (k.load(vma + anon_vma) !== 0) return 'unlock_page_table_lock';
        k.poke(vma + anon_vma, anon);
        k.poke(anon + REFS, k.peek(anon + REFS) + 1);
        k.set(v.fresh, 0);
      },
      unlock_page_table_lock(k) {
        spinUnlock(k, k.peek(k.get(v.vma) + vm_mm) + MM.at.page_table_lock);
      },
      anon_vma_unlock_write: (k) => k.call(rw.up_write, rootSem(k, k.get(v.anon))),
      put_unused(k) {
        if (k.get(v.fresh)) pool.free(k, k.get(v.anon));
        return k.ret(0);
      },
    })),
  );

  const anon_vma_prepare = b.add(
    routine('anon_vma_prepare', ['vma'], (v) => ({
      read_anon_vma(k) {
        if (k.load(k.get(v.vma) + anon_vma) !== 0) return k.ret(0);
      },
      prepare: (k) => k.call(__anon_vma_prepare, k.get(v.vma)),
      done: (k) => k.ret(k.result()),
    })),
  );

  const anon_vma_clone = b.add(
    routine('anon_vma_clone', ['dst', 'src', 'anon'], (v) => ({
      read_anon_vma(k) {
        k.set(v.anon, k.load(k.get(v.src) + anon_vma));
        if (k.get(v.anon) === 0) return k.ret();
      },
      lock_anon_vma_root: (k) => k.call(rw.down_write, rootSem(k, k.get(v.anon))),
      anon_vma_chain_link(k) {
        const anon = k.get(v.anon);
        k.work(W.anon_vma_clone);
        k.store(anon + REFS, k.peek(anon + REFS) + 1);
        k.poke(k.get(v.dst) + anon_vma, anon);
      },
      unlock_anon_vma_root: (k) => k.call(rw.up_write, rootSem(k, k.get(v.anon))),
      done: (k) => k.ret(),
    })),
  );

  const unlink_anon_vmas = b.add(
    routine('unlink_anon_vmas', ['vma', 'anon'], (v) => ({
      read_anon_vma(k) {
        k.set(v.anon, k.load(k.get(v.vma) + anon_vma));
        if (k.get(v.anon) === 0) return k.ret();
      },
      lock_anon_vma_root: (k) => k.call(rw.down_write, rootSem(k, k.get(v.anon))),
      anon_vma_chain_unlink(k) {
        k.work(W.anon_vma_unlink);
        k.store(k.get(v.vma) + anon_vma, 0);
      },
      unlock_anon_vma_root: (k) => k.call(rw.up_write, rootSem(k, k.get(v.anon))),
      put_anon_vma(k) {
        const anon = k.get(v.anon);
        const root = k.peek(anon + ROOT);
        if (k.fetchAdd(anon + REFS, -1) > 1) return k.ret();
        pool.free(k, anon);
        if (root === anon) return k.ret();
        k.set(v.anon, root);
        return 'put_anon_vma';
      },
    })),
  );

  /** `(root)`: the child's VMA joins its parent's anon_vmas, so that pages not yet copied are found. The tree's count stands for the links. */
  const anon_vma_clone_forked = b.add(
    routine('anon_vma_clone_forked', ['root'], (v) => ({
      lock_anon_vma_root: (k) => k.call(rw.down_write, rootSem(k, k.get(v.root))),
      anon_vma_chain_link(k) {
        k.work(W.anon_vma_clone);
        k.store(k.get(v.root) + REFS, k.peek(k.get(v.root) + REFS) + 1);
      },
      unlock_anon_vma_root: (k) => k.call(rw.up_write, rootSem(k, k.get(v.root))),
      done: (k) => k.ret(),
    })),
  );

  const anon_vma_fork = b.add(
    routine('anon_vma_fork', ['vma', 'pvma', 'root', 'anon'], (v) => ({
      read_anon_vma(k) {
        const parent = k.load(k.get(v.pvma) + anon_vma);
        if (parent === 0) return k.ret(0);
        k.set(v.root, k.peek(parent + ROOT));
      },
      anon_vma_clone: (k) => k.call(anon_vma_clone_forked, k.get(v.root)),
      anon_vma_alloc(k) {
        k.work(W.anon_vma_alloc);
        const anon = fresh(k);
        k.set(v.anon, anon);
        k.poke(anon + ROOT, k.get(v.root));
        k.poke(anon + REFS, 1);
      },
      anon_vma_lock_write: (k) => k.call(rw.down_write, rootSem(k, k.get(v.root))),
      set_anon_vma(k) {
        k.store(k.get(v.vma) + anon_vma, k.get(v.anon));
      },
      anon_vma_unlock_write: (k) => k.call(rw.up_write, rootSem(k, k.get(v.root))),
      done: (k) => k.ret(0),
    })),
  );

  return {
    __anon_vma_prepare,
    anon_vma_prepare,
    anon_vma_clone,
    anon_vma_fork,
    unlink_anon_vmas,
    rwsemOf(k, vma) {
      const anon = k.peek(vma + anon_vma);
      return anon === 0 ? 0 : rootSem(k, anon);
    },
    isForked: (k, anon) => anon !== 0 && !isRoot(k, anon),
    rootOf: (k, anon) => k.peek(anon + ROOT),
    attachFresh(k, vma) {
      const anon = fresh(k);
      k.poke(anon + REFS, 1);
      k.poke(vma + anon_vma, anon);
    },
    attachShared(k, vma, other) {
      const anon = k.peek(other + anon_vma);
      k.poke(anon + REFS, k.peek(anon + REFS) + 1);
      k.poke(vma + anon_vma, anon);
    },
    inUse: (k) => pool.inUse(k),
  };
}
