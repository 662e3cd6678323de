/** Kernels without per-VMA locks: the stubs their callers compile against. */
import { EMPTY, type KernelBuilder, returns, type Stub } from '../../kernel-builder.ts';
import type { Exec } from '../../machine/index.ts';
import { RWSEM } from '../../sync/rwsem/index.ts';
import type { mmStruct, vmaStruct } from '../structs.ts';
import { bug, type VmaLock } from './vma-lock.ts';

/** An assertion stub: the check its callers run and the words for it come together. */
interface Assertion {
  readonly does: string;
  readonly check: (k: Exec, vma: number) => void;
}

/** @param generation whose header the stubs come from: they differ in names between the two designs */
export function absentVmaLock(
  b: KernelBuilder,
  generation: 'rwsem' | 'refcount',
  MM: ReturnType<typeof mmStruct>,
  VMA: ReturnType<typeof vmaStruct>,
): VmaLock {
  const { vm_mm } = VMA.at;
  const { mmap_lock } = MM.at;
  const assertMmapLocked = (write: boolean, name: string): Assertion => ({
    does: write ? 'asserts mmap_lock is held for writing' : 'asserts mmap_lock',
    check(k, vma) {
      const sem = k.peek(vma + vm_mm) + mmap_lock;
      const held = write
        ? k.peek(sem + RWSEM.at.owner) === k.task
        : k.peek(sem + RWSEM.at.count) !== 0;
      if (!held) bug(k, `${name}: mmap_lock is not held`);
    },
  });
  const writeLocked = assertMmapLocked(true, 'vma_assert_write_locked');
  const locked = assertMmapLocked(false, 'vma_assert_locked');
  const old = generation === 'rwsem';
  const file = old ? 'include/linux/mm.h' : 'include/linux/mmap_lock.h';
  const stub = (name: string, signature: string, s: Stub, at = file) =>
    b.stub(name, { file: at, signature }, s);
  const lock = {
    vma_end_read: stub('vma_end_read', '(vma)', EMPTY),
    vma_start_write: stub('vma_start_write', '(vma)', EMPTY),
    lock_vma_under_rcu: stub(
      'lock_vma_under_rcu',
      '(mm, address) -> vma or NULL',
      returns(0, 'NULL'),
    ),
    vma_mark_detached: stub('vma_mark_detached', old ? '(vma, detached)' : '(vma)', EMPTY),
  };
  const assertion = (name: string, a: Assertion) =>
    b.inline(name, { file, signature: '(vma)' }, { does: a.does, body: () => 0 });
  assertion('vma_assert_write_locked', writeLocked);
  assertion('vma_assert_locked', locked);
  if (old) {
    stub('vma_start_read', '(vma) -> bool', returns(0, 'false'));
    stub('vma_lock_alloc', '(vma) -> bool', returns(1, 'true'), 'kernel/fork.c');
    stub('vma_lock_free', '(vma)', EMPTY, 'kernel/fork.c');
  } else {
    stub('vma_lock_init', '(vma, reset_refcnt)', EMPTY);
    stub('mmap_lock_speculate_try_begin', '(mm, seq) -> bool', returns(0, 'false'));
    stub('mmap_lock_speculate_retry', '(mm, seq) -> bool', returns(1, 'true'));
    stub('vma_assert_attached', '(vma)', EMPTY);
    stub('vma_assert_detached', '(vma)', EMPTY);
  }
  return {
    ...lock,
    vma_mark_attached: old
      ? // 6.12 clears the mark in vma_mark_detached(vma, false): the same empty stub.
        lock.vma_mark_detached
      : stub('vma_mark_attached', '(vma)', EMPTY),
    writeLocks: -1,
    assertWriteLocked: writeLocked.check,
    assertLocked: locked.check,
    assertDetached() {},
    init() {},
    readerFree: () => true,
  };
}
