/**
 * Memory policies on one node: mbind and what asks for policies and nodes. After mm/mempolicy.c, and do_pages_move and do_pages_stat in
 * mm/migrate.c. All memory is where any policy wants it, so no page moves; what is left are the policies of VMAs and the locks.
 */
import { type Routine, routine, W } from '../machine/index.ts';
import { isSince } from '../release.ts';
import { MBIND_FLAGS, MEMPOLICY_FLAGS, MPOL } from '../uapi.ts';
import type { FindVma } from './find-vma.ts';
import type { Gup } from './gup/index.ts';
import { EFAULT, EINVAL, type MmCore } from './mm-core.ts';
import { sysNiSyscall } from './ni-syscall.ts';
import type { VmaEdit } from './vma-edit/index.ts';

const ENOENT = 2;
const EOPNOTSUPP = 95;
/** Pages that one look at mmap_lock answers for (DO_PAGES_STAT_CHUNK_NR). */
const STAT_CHUNK = 16;

/** Beside a mode: the policy has a home node. */
const HOME_NODE = 16;

export interface Mempolicy {
  /** `(mm, start, pages, mode, flags) -> 0 or -errno`. */
  readonly mbind: Routine;
  /** `(mm, mode) -> 0`: of the thread. */
  readonly set_mempolicy: Routine;
  /** `(mm, address, flags) -> 0 or -errno`. */
  readonly get_mempolicy: Routine;
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly set_mempolicy_home_node: Routine;
  /** `(mm, start, pages, query) -> 0`: to the node they are on, or with `query` only asks for it. */
  readonly move_pages: Routine;
  /** `(mm) -> 0`: from the node to itself. */
  readonly migrate_pages: Routine;
}

export function mempolicy(c: MmCore, edit: VmaEdit, find: FindVma, gup: Gup): Mempolicy {
  const { b, MM, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_policy } = VMA.at;
  if (vm_policy === undefined) {
    const none = sysNiSyscall(b);
    return {
      mbind: none,
      set_mempolicy: none,
      get_mempolicy: none,
      set_mempolicy_home_node: none,
      move_pages: none,
      migrate_pages: none,
    };
  }
  // Since 6.5 whoever replaces a policy holds the VMA's lock.
  const locks = isSince(c.release, '6.6');

  /** `(mm, start, end, contiguous) -> 0 or -EFAULT`: locks the VMAs of a range; with `contiguous` a hole in it is an error (queue_pages_range). */
  const queue_pages_range = b.add(
    routine(
      'queue_pages_range',
      ['mm', 'start', 'end', 'contiguous', 'at', 'vma', 'next', 'first'],
      (v) => ({
        find_vma(k) {
          k.set(v.at, k.get(v.start));
          return k.call(find.find_vma, k.get(v.mm), k.get(v.start));
        },
        found(k) {
          k.set(v.vma, k.result());
        },
        // walk_page_range
        inside_vma(k) {
          const vma = k.get(v.vma);
          const end = k.get(v.end);
          const start = vma === 0 ? end : Math.min(end, k.load(vma + vm_start));
          if (k.get(v.at) < start) {
            k.set(v.at, start);
            return 'next_vma';
          }
          if (locks) return k.call(lock.vma_start_write, vma);
        },
        find_next: (k) => k.call(find.find_vma, k.get(v.mm), k.peek(k.get(v.vma) + vm_end)),
        queue_pages_test_walk(k) {
          k.set(v.next, k.result());
          const vma = k.get(v.vma);
          const late = k.get(v.first) === 0 && k.get(v.start) < k.load(vma + vm_start);
          k.set(v.first, 1);
          if (late && k.get(v.contiguous)) return k.ret(-EFAULT);
          return k.call(find.find_vma, k.get(v.mm), k.peek(vma + vm_end));
        },
        check_hole(k) {
          const vma = k.get(v.vma);
          const next = k.result();
          const end = k.load(vma + vm_end);
          const hole = end < k.get(v.end) && (next === 0 || end < k.peek(next + vm_start));
          if (hole && k.get(v.contiguous)) return k.ret(-EFAULT);
          k.work(W.unmap_setup);
          k.set(v.at, Math.min(end, k.get(v.end)));
          k.set(v.vma, k.get(v.next));
        },
        next_vma(k) {
          if (k.get(v.at) < k.get(v.end)) return 'inside_vma';
          return k.ret(k.get(v.first) ? 0 : -EFAULT);
        },
      }),
    ),
  );

  /** `(mm, vma, start, end, policy) -> vma or -errno`: splits and merges as a change of flags does. */
  const mbind_range = b.add(
    routine('mbind_range', ['mm', 'vma', 'start', 'end', 'policy'], (v) => ({
      mpol_equal(k) {
        const vma = k.get(v.vma);
        if (k.load(vma + vm_policy) === k.get(v.policy)) return k.ret(vma);
        const start = Math.max(k.get(v.start), k.peek(vma + vm_start));
        const end = Math.min(k.get(v.end), k.peek(vma + vm_end));
        const flags = k.peek(vma + vm_flags);
        const policy = -k.get(v.policy) - 1;
        return k.call(edit.vma_modify_flags, k.get(v.mm), vma, start, end, flags, policy);
      },
      vma_replace_policy(k) {
        if (k.result() < 0) return k.ret(k.result());
        k.set(v.vma, k.result());
        if (locks) lock.assertWriteLocked(k, k.get(v.vma));
        k.store(k.get(v.vma) + vm_policy, k.get(v.policy));
        return k.ret(k.get(v.vma));
      },
    })),
  );

  const outside = (start: number, pages: number) => start < 0 || start + pages > pt.pages;

  const mbind = b.add(
    routine('do_mbind', ['mm', 'start', 'pages', 'mode', 'flags', 'at', 'ret'], (v) => ({
      check(k) {
        if (outside(k.get(v.start), k.get(v.pages))) return k.ret(-EINVAL);
        const known = Object.values(MBIND_FLAGS).reduce((all, bit) => all | bit, 0);
        if (k.get(v.flags) & ~known) return k.ret(-EINVAL);
      },
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      queue_pages_range(k) {
        const contiguous = k.get(v.mode) === MPOL.default ? 0 : 1;
        const end = k.get(v.start) + k.get(v.pages);
        k.set(v.at, k.get(v.start));
        return k.call(queue_pages_range, k.get(v.mm), k.get(v.start), end, contiguous);
      },
      queued(k) {
        k.set(v.ret, k.result());
        if (k.result() < 0) return 'mmap_write_unlock';
      },
      for_each_vma_range(k) {
        const end = k.get(v.start) + k.get(v.pages);
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        if (vma === 0 || k.peek(vma + vm_start) >= end) return 'mmap_write_unlock';
        return k.call(mbind_range, k.get(v.mm), vma, k.get(v.at), end, k.get(v.mode));
      },
      bound(k) {
        if (k.result() < 0) {
          k.set(v.ret, k.result());
          return 'mmap_write_unlock';
        }
        k.set(v.at, k.load(k.result() + vm_end));
        if (k.get(v.at) < k.get(v.start) + k.get(v.pages)) return 'for_each_vma_range';
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  const set_mempolicy_home_node = b.add(
    routine('set_mempolicy_home_node', ['mm', 'start', 'pages', 'at', 'vma', 'ret'], (v) => ({
      check(k) {
        if (outside(k.get(v.start), k.get(v.pages))) return k.ret(-EINVAL);
        k.set(v.at, k.get(v.start));
        k.set(v.ret, -ENOENT);
      },
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      for_each_vma_range(k) {
        const end = k.get(v.start) + k.get(v.pages);
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        if (vma === 0 || k.peek(vma + vm_start) >= end) return 'mmap_write_unlock';
        k.set(v.at, k.peek(vma + vm_end));
        const policy = k.peek(vma + vm_policy) & ~HOME_NODE;
        if (policy === MPOL.default) return 'for_each_vma_range';
        if (policy !== MPOL.bind && policy !== MPOL.preferred_many) {
          k.set(v.ret, -EOPNOTSUPP);
          return 'mmap_write_unlock';
        }
        k.set(v.vma, vma);
        if (locks) return k.call(lock.vma_start_write, vma);
      },
      mbind_range(k) {
        const vma = k.get(v.vma);
        const start = Math.max(k.get(v.start), k.load(vma + vm_start));
        const policy = k.peek(vma + vm_policy) | HOME_NODE;
        const end = k.get(v.start) + k.get(v.pages);
        return k.call(mbind_range, k.get(v.mm), vma, start, end, policy);
      },
      bound(k) {
        k.set(v.ret, Math.min(0, k.result()));
        return k.get(v.ret) < 0 ? 'mmap_write_unlock' : 'for_each_vma_range';
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  const get_mempolicy = b.add(
    routine('do_get_mempolicy', ['mm', 'address', 'flags', 'ret'], (v) => ({
      check(k) {
        const flags = k.get(v.flags);
        if (flags & MEMPOLICY_FLAGS.mems_allowed) {
          return k.ret(flags === MEMPOLICY_FLAGS.mems_allowed ? 0 : -EINVAL);
        }
        if (flags & MEMPOLICY_FLAGS.addr) return k.call(mmap.mmap_read_lock, k.get(v.mm));
        // The node of the thread's policy: only one that interleaves has a next one, and none does here.
        return k.ret(k.get(v.address) !== 0 || flags & MEMPOLICY_FLAGS.node ? -EINVAL : 0);
      },
      vma_lookup(k) {
        if (tree.walk(k, k.get(v.mm), k.get(v.address)) === 0) k.set(v.ret, -EFAULT);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      lookup_node(k) {
        if (k.get(v.ret) !== 0 || !(k.get(v.flags) & MEMPOLICY_FLAGS.node)) {
          return k.ret(k.get(v.ret));
        }
        return k.call(gup.get_user_pages_fast, k.get(v.mm), k.get(v.address), 1, 0);
      },
      put_page(k) {
        if (k.result() < 0) return k.ret(k.result());
        gup.unpin(k, k.result());
        return k.ret(0);
      },
    })),
  );

  const move_pages = b.add(
    routine('kernel_move_pages', ['mm', 'start', 'pages', 'query', 'n'], (v) => ({
      mmget(k) {
        k.fetchAdd(k.get(v.mm) + MM.at.mm_users, 1);
      },
      // add_folio_for_migration looks at a page at a time, do_pages_stat_array at some.
      next_chunk(k) {
        if (k.get(v.pages) <= 0) return 'mmput';
        k.set(v.n, Math.min(k.get(v.pages), k.get(v.query) ? STAT_CHUNK : 1));
        return k.call(mmap.mmap_read_lock, k.get(v.mm));
      },
      folio_walk_start(k) {
        tree.walk(k, k.get(v.mm), k.get(v.start));
        k.work(W.pte_walk, k.get(v.n));
        k.set(v.start, k.get(v.start) + k.get(v.n));
        k.set(v.pages, k.get(v.pages) - k.get(v.n));
        return k.callThen('next_chunk', mmap.mmap_read_unlock, k.get(v.mm));
      },
      // The caller's own mm has a user left.
      mmput(k) {
        k.fetchAdd(k.get(v.mm) + MM.at.mm_users, -1);
      },
      done: (k) => k.ret(0),
    })),
  );

  const nothing = (name: string) =>
    b.add(routine(name, ['mm'], () => ({ same_node: (k) => k.ret(0) })));
  return {
    mbind,
    set_mempolicy: nothing('do_set_mempolicy'),
    get_mempolicy,
    set_mempolicy_home_node,
    move_pages,
    migrate_pages: nothing('do_migrate_pages'),
  };
}
