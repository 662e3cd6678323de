/** TCP zerocopy receive. After find_tcp_vma and tcp_zerocopy_receive in net/ipv4/tcp.c. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import type { WaitingLookup } from '../mm/lock/waiting-lookup.ts';
import { EINVAL, type MmCore } from '../mm/mm-core.ts';
import { sysNiSyscall } from '../mm/ni-syscall.ts';
import { VM_OPS_TCP } from '../mm/structs.ts';
import { storedWord } from '../mm/transfer.ts';
import type { VmaEdit } from '../mm/vma-edit/index.ts';

const FILE = 'net/ipv4/tcp.c';

/** How the VMA of a receive is found: under mmap_lock (6.4), under its lock with mmap_lock to fall back to, or by the waiting helper alone. */
export type TcpLock = 'mmap_lock' | 'vma_lock' | 'waiting_lookup';

/**
 * @param vm_insert_page `(mm, vma, address, pfn) -> 0 or -errno`
 * @param lookup the helper that waits for writers, where the edition has one
 * @returns `(mm, address, pages) -> 0, -EINVAL or -EBUSY`: pages the socket has ready, as many as the mapping has room for
 */
export function tcpZerocopyReceive(
  c: MmCore,
  edit: VmaEdit,
  how: TcpLock,
  vm_insert_page: Routine,
  lookup: WaitingLookup | undefined,
): Routine {
  const { b, VMA, mmap, lock, tree, pages } = c;
  if (!b.enabled('INET')) return sysNiSyscall(b);
  const { vm_ops, vm_end } = VMA.at;
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
      ['mm', 'address', 'pages', 'vma', 'mmap_locked', 'i', 'pfn', 'ret'],
      (v) => ({
        find_tcp_vma: (k) => k.call(find_tcp_vma, k.get(v.mm), k.get(v.address)),
        found(k) {
          const vma = k.result();
          if (vma === 0) return k.ret(-EINVAL);
          k.set(v.vma, Math.abs(vma));
          k.set(v.mmap_locked, vma < 0 ? 1 : 0);
        },
        total_bytes_to_map(k) {
          const room = k.load(k.get(v.vma) + vm_end) - k.get(v.address);
          k.set(v.pages, Math.min(k.get(v.pages), room));
        },
        zap_page_range_single(k) {
          const mm = k.get(v.mm);
          const start = k.get(v.address);
          return k.call(edit.zap_page_range, mm, start, start + k.get(v.pages));
        },
        // vm_insert_pages, page by page: the socket's page is mapped, then let go of by the socket.
        next_page(k) {
          if (k.get(v.i) === k.get(v.pages)) return 'release';
          k.work(W.tcp_zerocopy_page);
          k.set(v.pfn, pages.alloc(k));
          // What the peer has sent is what the task itself would store.
          pages.setData(k, k.get(v.pfn), storedWord(k));
          const at = k.get(v.address) + k.get(v.i);
          return k.call(vm_insert_page, k.get(v.mm), k.get(v.vma), at, k.get(v.pfn));
        },
        inserted(k) {
          pages.put(k, k.get(v.pfn));
          k.set(v.ret, k.result());
          if (k.result() !== 0) return;
          k.set(v.i, k.get(v.i) + 1);
          return 'next_page';
        },
        release: (k) =>
          k.get(v.mmap_locked)
            ? k.callThen('done', mmap.mmap_read_unlock, k.get(v.mm))
            : k.callThen('done', lock.vma_end_read, k.get(v.vma)),
        // Another receive was faster with some page: what was mapped before it counts as received.
        done: (k) => k.ret(k.get(v.i) > 0 ? 0 : k.get(v.ret)),
      }),
    ),
  );
}
