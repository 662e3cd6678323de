import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import { ADVICE, SWAP_DEVICES } from '../../uapi.ts';
import {
  type Ran,
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from '../../user-script.test-util.ts';

const ENOSYS = 38;
const RX = 5;
const PRIVATE_FIXED = 0x12;
const SHARED_FIXED = 0x11;
const AT = 0x50000;
const SIGSEGV = 11;
const file = (r: readonly number[]) => r[0] as number;

/** Four pages of a file, all there, mapped as code. */
const CODE: readonly ScriptOp[] = [
  ['memfd_create', 4],
  ['pwrite', file, 4, 0],
  ['mmap', 4, RX, PRIVATE_FIXED, AT, file, 0],
];
const PROBED: readonly ScriptOp[] = [...CODE, ['uprobe_register', file, 1]];
const reads = (m: Ran) => m.count('mmap_lock read_acquired');
const writes = (m: Ran) => m.count('mmap_lock write_acquired');
const hits = (m: Ran) => m.calls('find_active_uprobe_rcu');
const last = (m: Ran, n = 1) => m.results[0]?.slice(-n);
const site = (m: Ran, what: string) => m.count(`fallback ${what}`);

const kernels = [
  ['v6.12', SMP64, 'mmap_lock'],
  ['v6.12', SMP64_WITHOUT, 'mmap_lock'],
  ['v7.0', SMP64, 'speculation'],
  ['v7.0', SMP64_WITHOUT, 'fallback'],
  ['v7.0', UP64, 'fallback'],
  ['all-builds-v2', UP64, 'speculation'],
] as const;

describe.each(kernels)('%s %o (%s)', (edition, options, how) => {
  it('finds the probe under mmap_lock, or without any lock where it can', () => {
    const m = start(edition, options);
    m.run([[...PROBED, ['execute', AT + 1]]]);
    m.reset();
    m.run([
      [
        ['execute', AT + 1],
        ['execute', AT + 1],
        ['execute', AT + 2],
      ],
    ]);
    expect(last(m, 3)).toEqual([0, 0, 0]);
    expect(hits(m)).toBe(2);
    // The third page came with the second, which was faulted in to be copied.
    expect(reads(m)).toBe(how === 'speculation' ? 0 : 2);
    const begin = 'find_active_uprobe_rcu:mmap_lock_speculate_try_begin';
    if (how === 'mmap_lock') expect(m.machine.events.fallbacks.has(begin)).toBe(false);
    else expect(site(m, begin)).toBe(how === 'fallback' ? 2 : 0);
    expect(violations(m)).toEqual([]);
  });

  it('writes the breakpoint into a copy of the page under mmap_lock, and takes it out again', () => {
    const m = start(edition, options);
    m.run([CODE]);
    m.run([[['execute', AT + 1]]]);
    const before = m.machine.core.pages.inUse(m.exec);
    m.reset();
    m.run([[['uprobe_register', file, 1]]]);
    expect(writes(m)).toBe(1);
    expect(m.machine.core.pages.inUse(m.exec)).toBe(before + 1);
    expect(violations(m)).toEqual([]);
    m.run([[['uprobe_unregister', file, 1]]]);
    expect(writes(m)).toBe(2);
    expect(m.machine.core.pages.inUse(m.exec)).toBe(before);
    m.run([[['execute', AT + 1]]]);
    expect(hits(m)).toBe(0);
    expect(violations(m)).toEqual([]);
  });

  it('probes what is mapped later, and children, but no mapping that is shared or can be written', () => {
    const m = start(edition, options, { forks: 1 });
    m.run([
      [
        ...PROBED,
        ['mmap', 4, RX, PRIVATE_FIXED, AT + 8, file, 0],
        ['mmap', 4, RX, SHARED_FIXED, AT + 16, file, 0],
        ['mmap', 4, 7, PRIVATE_FIXED, AT + 24, file, 0],
      ],
    ]);
    const hit = (ops: readonly ScriptOp[]) => {
      m.reset();
      m.run([ops]);
      expect(violations(m)).toEqual([]);
      return hits(m);
    };
    expect(hit([['execute', AT + 9]])).toBe(1);
    expect(hit([['execute', AT + 17]])).toBe(0);
    expect(hit([['execute', AT + 25]])).toBe(0);
    expect(
      hit([
        ['fork', [['execute', AT + 1]]],
        ['wait', 0],
      ]),
    ).toBe(1);
  });

  it('loses a breakpoint whose page is thrown away', () => {
    const m = start(edition, options);
    m.run([[...PROBED, ['madvise', AT, 4, 4], ['execute', AT + 1]]]);
    expect(hits(m)).toBe(0);
    expect(last(m)).toEqual([0]);
  });

  it('keeps a breakpoint whose page goes to swap', () => {
    const m = start(edition, { ...options, SWAP: 'y' }, { swap: 8 });
    m.run([[...PROBED, ['swapon', 8, SWAP_DEVICES.zram], ['madvise', AT, 4, ADVICE.pageout]]]);
    expect(m.machine.core.swap.inUse(m.exec)).toBe(1);
    m.run([[['execute', AT + 1]]]);
    expect(hits(m)).toBe(1);
  });

  it('counts consumers: the breakpoint goes with the last', () => {
    const m = start(edition, options);
    m.run([
      [
        ...PROBED,
        ['uprobe_register', file, 1],
        ['uprobe_unregister', file, 1],
        ['execute', AT + 1],
        ['uprobe_unregister', file, 1],
        ['execute', AT + 1],
        ['uprobe_unregister', file, 1],
      ],
    ]);
    expect(hits(m)).toBe(1);
    expect(last(m, 6)).toEqual([0, 0, 0, 0, 0, -2]);
  });

  it('leaves no lock held, no page and no file lost, whatever the interleaving', () => {
    const offset = fc.nat(2);
    const op = fc.oneof(
      {
        weight: 5,
        arbitrary: offset.map((o): ScriptOp => ['execute', AT + o]),
      },
      fc.tuple(offset, fc.nat(1)).map(([o, n]): ScriptOp => ['uprobe_register', FILE, o, n]),
      offset.map((o): ScriptOp => ['uprobe_unregister', FILE, o]),
      offset.map((o): ScriptOp => ['munmap', AT + o, 1]),
      fc
        .tuple(offset, fc.constantFrom(1, 3, 5))
        .map(([o, p]): ScriptOp => ['mprotect', AT + o, 1, p]),
      offset.map((o): ScriptOp => ['mmap', 3 - o, RX, PRIVATE_FIXED, AT + o, FILE, o]),
      offset.map((o): ScriptOp => ['madvise', AT + o, 1, 4]),
      offset.map((o): ScriptOp => ['write', AT + o]),
      fc
        .array(
          offset.map((o): ScriptOp => ['execute', AT + o]),
          { maxLength: 2 },
        )
        .map((ops): ScriptOp => ['fork', ops]),
    );
    // The handle of the file is the same whoever uses it.
    const FILE = () => handle;
    let handle = 0;
    fc.assert(
      fc.property(
        fc.array(fc.array(op, { maxLength: 7 }), { minLength: 2, maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
        (scripts, numbers) => {
          const m = start(edition, options, {
            threads: scripts.length,
            forks: 24,
            vmas: 768,
            pages: 8192,
            pageTables: 800,
          });
          m.run([PROBED]);
          handle = file(m.results[0] as number[]);
          m.run(scripts, scheduleFrom(numbers));
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('is not there without UPROBES', () => {
    const m = start(edition, { ...options, UPROBES: 'n' });
    m.run([[...PROBED, ['execute', AT + 1], ['uprobe_unregister', file, 1]]]);
    expect(last(m, 3)).toEqual([-ENOSYS, 0, -ENOSYS]);
    expect([...m.machine.events.fallbacks.keys()].filter((s) => s.includes('uprobe'))).toEqual([]);
  });
});

describe('a hit while the address space is being modified', () => {
  const modified = (stop: (label: string) => boolean) => {
    const m = start('v7.0', SMP64, { threads: 2 });
    m.run([[...PROBED, ['mmap', 1, 3, 0x32, AT + 8]]]);
    m.run([[['execute', AT + 1]]]);
    m.reset();
    return { m, held: (tid: number) => stop(m.exec.where(tid)?.label ?? '') };
  };

  it('waits for mmap_lock when there is a writer already', () => {
    const { m, held } = modified((label) => label === 'vm_flags_reset');
    let waited = false;
    m.run([[['mprotect', AT + 8, 1, 1]], [['execute', AT + 1]]], (ready) => {
      waited ||= !ready.includes(1);
      return held(0) && !waited && ready.includes(1) ? 1 : (ready[0] as number);
    });
    expect(site(m, 'find_active_uprobe_rcu:mmap_lock_speculate_try_begin')).toBe(1);
    expect(reads(m)).toBe(1);
    expect(m.results[1]).toEqual([0]);
  });

  it('asks again under mmap_lock when a writer came during the lookup', () => {
    const { m, held } = modified((label) => label === 'mmap_lock_speculate_retry');
    m.run([[['mprotect', AT + 8, 1, 1]], [['execute', AT + 1]]], (ready) =>
      ready.includes(1) && !(held(1) && ready.includes(0)) ? 1 : (ready[0] as number),
    );
    expect(site(m, 'find_active_uprobe_rcu:mmap_lock_speculate_retry')).toBe(1);
    expect(reads(m)).toBe(1);
  });

  it('tries the instruction again when the probe has just been taken off', () => {
    const { m, held } = modified((label) => label === 'find_active_uprobe_rcu');
    m.run([[['uprobe_unregister', file, 1]], [['execute', AT + 1]]], (ready) =>
      ready.includes(1) && !(held(1) && ready.includes(0)) ? 1 : (ready[0] as number),
    );
    expect(m.results[1]).toEqual([0]);
    expect(site(m, 'find_active_uprobe_rcu:no_uprobe')).toBe(1);
    expect(violations(m)).toEqual([]);
  });
});

describe('a nop of five bytes', () => {
  const NOP5: readonly ScriptOp[] = [...CODE, ['uprobe_register', file, 1, 1]];
  const trampolines = [
    ['v7.0', SMP64, true],
    ['v7.0', UP64, false],
    ['all-builds-v2', UP64, true],
  ] as const;

  it.each(trampolines)('%s %o becomes a call after the first hit', (edition, options, locked) => {
    const m = start(edition, options);
    m.run([NOP5]);
    m.reset();
    m.run([[['execute', AT + 1]]]);
    // The trampoline is mapped and the call written under one write lock.
    expect(writes(m)).toBe(1);
    m.reset();
    m.run([[['execute', AT + 1]]]);
    // Its page comes with a fault that cannot be handled under a VMA lock.
    expect(site(m, 'do_user_addr_fault:VM_FAULT_RETRY')).toBe(locked ? 1 : 0);
    expect(m.calls('in_uprobe_trampoline')).toBe(1);
    m.reset();
    m.run([[['execute', AT + 1]]]);
    expect([reads(m), writes(m)]).toEqual([locked ? 0 : 2, 0]);
    const begin = 'in_uprobe_trampoline:mmap_lock_speculate_try_begin';
    expect(site(m, begin)).toBe(locked ? 0 : 1);
    expect(last(m)).toEqual([0]);
    expect(violations(m)).toEqual([]);
  });

  it('stays a breakpoint in 6.12 and in 32-bit kernels', () => {
    for (const [edition, options] of [
      ['v6.12', SMP64],
      ['v7.0', { ...UP64, '64BIT': 'n', X86_64: 'n' }],
    ] as const) {
      const m = start(edition, options);
      m.run([[...NOP5, ['execute', AT + 1], ['execute', AT + 1]]]);
      expect(m.calls('handle_swbp')).toBe(2);
      expect(m.machine.routines.some((r) => r.name === 'in_uprobe_trampoline')).toBe(false);
    }
  });

  it('calls into nothing in a child, which does not inherit the trampoline', () => {
    const m = start('v7.0', SMP64, { forks: 1 });
    m.run([[...NOP5, ['execute', AT + 1]]]);
    m.reset();
    m.run([
      [
        ['fork', [['execute', AT + 1]]],
        ['wait', 0],
      ],
    ]);
    expect([m.calls('handle_swbp'), m.calls('__x64_sys_uprobe')]).toEqual([0, 0]);
    m.run([[['execute', AT + 1]]]);
    expect(m.calls('__x64_sys_uprobe')).toBe(1);
  });

  it('is a nop again when the probe is taken off', () => {
    const m = start('v7.0', SMP64);
    m.run([[...NOP5, ['execute', AT + 1], ['execute', AT + 1], ['uprobe_unregister', file, 1]]]);
    m.reset();
    m.run([
      [
        ['execute', AT + 1],
        ['write', AT + 1],
      ],
    ]);
    expect(last(m, 2)).toEqual([0, -SIGSEGV]);
    expect(hits(m)).toBe(0);
    expect(violations(m)).toEqual([]);
  });
});
