/** Kernels without per-VMA locks: the stubs their callers compile against, as the release's headers have them. */
import { EMPTY, type KernelBuilder, returns, type Stub } from '../../kernel-builder.ts';
import { type Exec, type Routine, routine } from '../../machine/index.ts';
import { isSince, type Release } from '../../release.ts';
import { RWSEM } from '../../sync/rwsem/index.ts';
import type { mmStruct, vmaStruct } from '../structs.ts';
import { lockFiles } from './lock-files.ts';
import { bug, type VmaLock } from './vma-lock.ts';

/** An assertion stub: the check its callers run and the words for it come together. */
interface Assertion {
  readonly does: string;
  readonly check: (k: Exec, vma: number) => void;
}

/** @param release whose headers the stubs come from */
export function absentVmaLock(
  b: KernelBuilder,
  release: Release,
  MM: ReturnType<typeof mmStruct>,
  VMA: ReturnType<typeof vmaStruct>,
): VmaLock {
  const { vm_mm } = VMA.at;
  const { mmap_lock } = MM.at;
  const assertMmapLocked = (write: boolean): Assertion => ({
    does: write ? 'asserts mmap_lock is held for writing' : 'asserts mmap_lock',
    check(k, vma) {
      const sem = k.peek(vma + vm_mm) + mmap_lock;
      const held = write
        ? k.peek(sem + RWSEM.at.owner) === k.task
        : k.peek(sem + RWSEM.at.count) !== 0;
      if (!held) bug(k, 'mmap_lock is not held');
    },
  });
  const nothing: Assertion = { does: EMPTY.does, check() {} };
  const since = (first: Release) => isSince(release, first);
  const { header } = lockFiles(release);
  const stub = (name: string, signature: string, s: Stub, file = header) =>
    b.stub(name, { file, signature }, s);
  const assertion = (name: string, a: Assertion) => {
    b.inline(name, { file: header, signature: '(vma)' }, { does: a.does, body: () => 0 });
    return a.check;
  };

  // 6.4 left the assertion out together with the lock.
  const assertWriteLocked = assertion(
    'vma_assert_write_locked',
    since('6.6') ? assertMmapLocked(true) : nothing,
  );
  const assertLocked = since('6.6')
    ? assertion('vma_assert_locked', assertMmapLocked(false))
    : nothing.check;
  const assertStabilised = since('7.0')
    ? assertion('vma_assert_stabilised', assertMmapLocked(false))
    : nothing.check;

  const lock = {
    vma_end_read: stub('vma_end_read', '(vma)', EMPTY),
    vma_start_write: stub('vma_start_write', '(vma)', EMPTY),
    lock_vma_under_rcu: lookupStub(b, release, header),
    vma_mark_detached: stub(
      'vma_mark_detached',
      since('6.15') ? '(vma)' : '(vma, detached)',
      EMPTY,
    ),
  };
  const speculateAt = 'include/linux/mmap_lock.h';
  const speculate = since('6.15')
    ? {
        try_begin: stub(
          'mmap_lock_speculate_try_begin',
          '(mm, seq) -> bool',
          returns(0, 'false'),
          speculateAt,
        ),
        retry: stub(
          'mmap_lock_speculate_retry',
          '(mm, seq) -> bool',
          returns(1, 'true'),
          speculateAt,
        ),
      }
    : undefined;
  if (!since('6.6')) stub('vma_try_start_write', '(vma) -> bool', returns(1, 'true'));
  if (!since('6.15')) {
    stub('vma_start_read', '(vma) -> bool', returns(0, 'false'));
    stub('vma_lock_alloc', '(vma) -> bool', returns(1, 'true'), 'kernel/fork.c');
    stub('vma_lock_free', '(vma)', EMPTY, 'kernel/fork.c');
  } else {
    // 7.0 has vma_start_read inside mm/mmap_lock.c and needs none.
    if (!since('7.0')) stub('vma_start_read', '(mm, vma) -> vma', returns(0, 'NULL'));
    stub('vma_lock_init', '(vma, reset_refcnt)', EMPTY);
    stub('vma_assert_attached', '(vma)', EMPTY);
    stub('vma_assert_detached', '(vma)', EMPTY);
  }
  return {
    ...lock,
    ...(speculate === undefined ? {} : { speculate }),
    ...(since('7.0') && {
      vma_start_write_killable: stub(
        'vma_start_write_killable',
        '(vma) -> 0 or -EINTR',
        returns(0, '0'),
      ),
    }),
    vma_mark_attached: since('6.15')
      ? stub('vma_mark_attached', '(vma)', EMPTY)
      : // Earlier the mark is cleared by vma_mark_detached(vma, false): the same empty stub.
        lock.vma_mark_detached,
    writeLocks: -1,
    assertWriteLocked,
    assertLocked,
    assertStabilised,
    assertDetached() {},
    init() {},
    readerFree: () => true,
  };
}

/** 6.4 has no stub: its callers stand under `#ifdef CONFIG_PER_VMA_LOCK` and none is ever called. */
function lookupStub(b: KernelBuilder, release: Release, file: string): Routine {
  const gives = returns(0, 'NULL');
  return isSince(release, '6.6')
    ? b.stub('lock_vma_under_rcu', { file, signature: '(mm, address) -> vma or NULL' }, gives)
    : b.add(
        routine('lock_vma_under_rcu', ['mm', 'address'], () => ({
          not_compiled: (k) => k.ret(gives.body(k)),
        })),
      );
}
