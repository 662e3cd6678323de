import { describe, expect, it } from 'vitest';
import { violations, visible } from './invariants.test-util.ts';
import { VM_LOCKED } from './mm/structs.ts';
import { UFFD_FEATURES } from './uapi.ts';
import { type ScriptOp, SMP64, start } from './user-script.test-util.ts';

const HUGE = 0x60000;
const SPAN = 512;
const FIXED = 0x32;
const FORKS = { forks: 2, pages: 8192, pageTables: 96 };
const huge: readonly ScriptOp[] = [
  ['mmap', SPAN, 3, FIXED, HUGE],
  ['madvise', HUGE, SPAN, 14],
];
const sigbus: ScriptOp = ['userfaultfd', UFFD_FEATURES.sigbus];

describe.each(['v6.12', 'v7.0'])('%s', (edition) => {
  const run = (...ops: ScriptOp[]) => {
    const m = start(edition, SMP64, FORKS);
    m.run([ops]);
    expect(violations(m)).toEqual([]);
    return m;
  };

  it('shares a huge page with a child and splits it for the one that writes', () => {
    const m = run(...huge, ['write', HUGE], ['fork', [['pause']]], ['write', HUGE + 7]);
    const lines = visible(m).filter((l) => l.startsWith(`[${HUGE}`));
    expect(lines).toHaveLength(2);
    expect(lines.filter((l) => l.includes('huge'))).toHaveLength(1);
    expect(m.count('thp_split_pmd')).toBe(1);
  });

  it('does not pass memory locks on to a child', () => {
    const m = run(['mlockall', 3], ['fork', [['pause']]]);
    const { core } = m.machine;
    const flags = core.mms.map((mm) =>
      core.tree.entries(m.exec, mm).map(([, , vma]) => m.exec.peek(vma + core.VMA.at.vm_flags)),
    );
    expect(flags[0]?.some((f) => f & VM_LOCKED)).toBe(true);
    expect(flags[1]?.length).toBeGreaterThan(0);
    expect(flags[1]?.some((f) => f & VM_LOCKED)).toBe(false);
  });

  it('does not fill what a huge page maps', () => {
    const m = run(sigbus, ...huge, ['write', HUGE], ['uffd_register', HUGE, SPAN, 1]);
    m.run([[['uffd_copy', HUGE + 3, 1, 0]]]);
    expect(m.results[0]?.at(-1)).toBe(-17);
    expect(violations(m)).toEqual([]);
  });

  it('takes a mapping that moves away from userfaultfd', () => {
    const to = HUGE + 2 * SPAN;
    const m = run(
      sigbus,
      ['mmap', 4, 3, FIXED, HUGE],
      ['uffd_register', HUGE, 4, 1],
      ['mremap', HUGE, 4, 4, 3, to],
      ['write', to],
    );
    expect(m.results[0]?.at(-1)).toBe(0);
    expect(visible(m).find((l) => l.startsWith(`[${to}`))).toContain(') 3 ');
  });

  it('gives the child references to the files it maps', () => {
    const m = run(
      ['memfd_create', 4],
      ['mmap', 4, 3, 0x11, HUGE, (r) => r[0] as number],
      ['write', HUGE],
      ['fork', [['munmap', HUGE, 4]]],
      ['wait', 0],
      ['write', HUGE + 1],
    );
    expect(m.results[0]?.at(-1)).toBe(0);
  });

  it('refuses advice from the first VMA on, whatever lies behind it', () => {
    const m = run(['mmap', 1, 3, FIXED | 0x2000, HUGE], ['process_madvise', HUGE, 2, 20, 2]);
    expect(m.results[0]?.at(-1)).toBe(-22);
  });
});
