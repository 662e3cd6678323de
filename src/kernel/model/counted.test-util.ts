/** What operations count, after others that are not counted. For tests. */
import { expect } from 'vitest';
import { violations } from './invariants.test-util.ts';
import type { MachineSize } from './machine-spec.ts';
import { type ScriptOp, SMP64, start } from './user-script.test-util.ts';

export interface CountedOn {
  readonly edition?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly size?: Partial<MachineSize>;
}

/** Results and counts of `run`, and the ranges mapped after it; the kernel must be well-formed then. */
export function counted(
  setup: readonly ScriptOp[],
  run: readonly ScriptOp[],
  { edition = 'v6.12', options = SMP64, size = {} }: CountedOn = {},
) {
  const m = start(edition, options, size);
  m.run([setup]);
  m.reset();
  m.run([run]);
  expect(violations(m)).toEqual([]);
  const { core } = m.machine;
  return {
    results: m.results[0]?.slice(setup.length),
    read: m.count('mmap_lock read_acquired'),
    write: m.count('mmap_lock write_acquired'),
    vmas: m.count('vma_write_locks'),
    faults: m.count('pgfault'),
    reuse: m.count('pgreuse'),
    find_vma: m.calls('find_vma'),
    dup: m.calls('vm_area_dup'),
    free: m.calls('vm_area_free'),
    anon_vmas: m.calls('__anon_vma_prepare'),
    ranges: core.tree
      .entries(m.exec, core.mms[0] as number)
      .map(([from, to]): [number, number] => [from, to]),
  };
}
