/** TCP zerocopy receive. After find_tcp_vma and tcp_zerocopy_receive in net/ipv4/tcp.c. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import type { WaitingLookup } from '../mm/lock/waiting-lookup.ts';
import { EINVAL, type MmCore } from '../mm/mm-core.ts';
import { mkPte, PTE_PRESENT } from '../mm/page-table.ts';
import { VM_OPS_TCP } from '../mm/structs.ts';
import type { VmaEdit } from '../mm/vma-edit/index.ts';

const FILE = 'net/ipv4/tcp.c';

/** How the VMA of a receive is found: under mmap_lock (6.4), under its lock with mmap_lock to fall back to, or by the waiting helper alone. */
export type TcpLock = 'mmap_lock' | 'vma_lock' | 'waiting_lookup';

/**
 * @param lookup the helper that waits for writers, where the edition has one
 * @returns `(mm, address, pages) -> 0 or -EINVAL`
 */
export function tcpZerocopyReceive(
  c: MmCore,
  edit: VmaEdit,
  how: TcpLock,
  lookup: WaitingLookup | undefined,
): Routine {
  const { b, VMA, mmap, lock, tree, pages, pt } = c;
  const { vm_ops, vm_start, vm_end } = VMA.at;
  if (how === 'waiting_lookup' && lookup === undefined) {
    throw new RangeError('this edition has no waiting lookup');
  }
  const fallback =
    how === 'vma_lock'
      ? b.fallback({
          site: 'find_tcp_vma:lock_vma_under_rcu',
          file: FILE,
          caller: 'find_tcp_vma',
          tries: 'lock_vma_under_rcu',
          trigger: 'NULL: no VMA covers the address, or it is being modified',
          fallback: 'mmap_read_lock, vma_lookup; mmap_lock stays held for the whole receive',
        })
      : -1;

  // Results: the VMA, with `mmap_locked` saying which lock is held, as bit 0 of a second word would in C.
  const walkLocked = (k: Exec, mm: number, address: number): number => {
    const vma = tree.walk(k, mm, address);
    return vma !== 0 && k.peek(vma + vm_ops) === VM_OPS_TCP ? vma : 0;
  };
  const waiting = (find: Routine) =>
    b.fn(
      { file: FILE, signature: '(mm, address) -> vma' },
      routine('find_tcp_vma', ['mm', 'address', 'vma'], (v) => ({
        lookup: (k) => k.call(find, k.get(v.mm), k.get(v.address)),
        check_ops(k) {
          const vma = k.result();
          k.set(v.vma, vma);
          // None, or killed while waiting.
          if (vma <= 0) return k.ret(0);
          if (k.load(vma + vm_ops) === VM_OPS_TCP) return k.ret(vma);
        },
        vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
        not_tcp: (k) => k.ret(0),
      })),
    );
  const fallingBack = () =>
    b.fn(
      { file: FILE, signature: '(mm, address, mmap_locked) -> vma' },
      routine('find_tcp_vma', ['mm', 'address', 'vma'], (v) => ({
        lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
        check_ops(k) {
          const vma = k.result();
          k.set(v.vma, vma);
          if (vma === 0) return 'mmap_read_lock';
          if (k.load(vma + vm_ops) === VM_OPS_TCP) return k.ret(vma);
        },
        vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
        not_tcp: (k) => k.ret(0),
        mmap_read_lock(k) {
          k.count(fallback);
          return k.call(mmap.mmap_read_lock, k.get(v.mm));
        },
        vma_lookup(k) {
          // mmap_locked = true; the VMA's address is never negative, so the sign carries it.
          const vma = walkLocked(k, k.get(v.mm), k.get(v.address));
          if (vma !== 0) return k.ret(-vma);
        },
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        none: (k) => k.ret(0),
      })),
    );
  /** In 6.4 these lines stand in tcp_zerocopy_receive itself. */
  const underMmapLock = () =>
    b.add(
      routine('tcp_zerocopy_receive.vma_lookup', ['mm', 'address'], (v) => ({
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        vma_lookup(k) {
          const vma = walkLocked(k, k.get(v.mm), k.get(v.address));
          if (vma !== 0) return k.ret(-vma);
        },
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        none: (k) => k.ret(0),
      })),
    );
  const find_tcp_vma =
    lookup !== undefined && how === 'waiting_lookup'
      ? waiting(lookup.routine)
      : how === 'vma_lock'
        ? fallingBack()
        : underMmapLock();

  return b.fn(
    { file: FILE, signature: '(sk, zc, tss) -> int' },
    routine(
      'tcp_zerocopy_receive',
      ['mm', 'address', 'pages', 'vma', 'mmap_locked', 'i', 'ret'],
      (v) => ({
        find_tcp_vma: (k) => k.call(find_tcp_vma, k.get(v.mm), k.get(v.address)),
        found(k) {
          const vma = k.result();
          if (vma === 0) return k.ret(-EINVAL);
          k.set(v.vma, Math.abs(vma));
          k.set(v.mmap_locked, vma < 0 ? 1 : 0);
        },
        check_range(k) {
          const vma = k.get(v.vma);
          const start = k.load(vma + vm_start);
          const end = k.peek(vma + vm_end);
          if (k.get(v.address) < start || k.get(v.address) + k.get(v.pages) > end) {
            k.set(v.ret, -EINVAL);
            return 'release';
          }
        },
        zap: (k) =>
          k.call(
            edit.zap_page_range,
            k.get(v.mm),
            k.get(v.address),
            k.get(v.address) + k.get(v.pages),
          ),
        // vm_insert_pages, one entry a step: the socket's page gets a reference and is mapped.
        vm_insert_page(k) {
          const i = k.get(v.i);
          if (i === k.get(v.pages)) return 'release';
          k.work(W.tcp_zerocopy_page);
          const page = k.get(v.address) + i;
          pt.allocate(k, k.get(v.mm), page);
          k.poke(pt.find(k, k.get(v.mm), page), mkPte(pages.alloc(k), PTE_PRESENT));
          k.set(v.i, i + 1);
          return 'vm_insert_page';
        },
        release: (k) =>
          k.get(v.mmap_locked)
            ? k.callThen('done', mmap.mmap_read_unlock, k.get(v.mm))
            : k.callThen('done', lock.vma_end_read, k.get(v.vma)),
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );
}
