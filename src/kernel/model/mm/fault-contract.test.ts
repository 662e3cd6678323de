import { describe, expect, it } from 'vitest';
import { KernelBug, routine } from '../machine/index.ts';
import { SMP64, SMP64_WITHOUT, start } from '../user-script.test-util.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_VMA_LOCK,
} from './fault-flags.ts';

/** Handles a fault on the heap with the given flags, in a kernel that was built for nothing else. */
function handle(edition: string, options: Record<string, string>, flags: number): void {
  const m = start(edition, options);
  const { core, routines } = m.machine;
  const call = (name: string) => routines.find((r) => r.name === name) as (typeof routines)[number];
  const mm = core.mms[0] as number;
  const take = flags & FAULT_FLAG_VMA_LOCK ? 'lock_vma_under_rcu' : 'lock_mm_and_find_vma';
  m.machine.addRoutine(
    routine('faulter', ['vma'], (v) => ({
      lock: (k) => k.call(call(take), mm, 0x4b6, 1),
      handle_mm_fault(k) {
        k.set(v.vma, k.result());
        return k.call(call('handle_mm_fault'), k.get(v.vma), 0x4b6, flags);
      },
      end: (k) => k.ret(),
    })),
  );
  const { exec } = m;
  const program = call('faulter');
  // The executor's table is the machine's own list, so a routine added late is known to it.
  exec.spawn(0, program, []);
  exec.run();
}

const NOWAIT = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_RETRY_NOWAIT;

describe('a fault that may not wait', () => {
  it.each(['v6.12', 'v7.0'])('%s warns when it comes with a VMA lock', (edition) => {
    expect(() => handle(edition, SMP64, NOWAIT | FAULT_FLAG_VMA_LOCK)).toThrow(KernelBug);
  });

  it.each(['v6.12', 'v7.0'])('%s handles it under mmap_lock', (edition) => {
    for (const options of [SMP64, SMP64_WITHOUT]) handle(edition, options, NOWAIT);
  });

  it.each(['v6.12', 'v7.0'])('%s handles one that may wait under a VMA lock', (edition) => {
    handle(edition, SMP64, FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_VMA_LOCK);
  });
});
