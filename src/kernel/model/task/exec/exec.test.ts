import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editions } from '../../../editions/index.ts';
import { violations, visible } from '../../invariants.test-util.ts';
import { TASK } from '../../machine/index.ts';
import { type Program, STATIC_PROGRAM } from '../../program.ts';
import {
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from '../../user-script.test-util.ts';

const kernels = editions.flatMap(({ name, parts }) => {
  const without = parts.vmaLockIn === 'PER_VMA_LOCK' ? SMP64_WITHOUT : UP64;
  return [[name, SMP64] as const, [name, without] as const];
});

/** A position-independent program with an interpreter, shaped as `readelf -lW` shows those of Debian 12. */
const DYNAMIC: Program = {
  name: 'dynamic',
  file: {
    anywhere: true,
    segments: [
      { at: 0, offset: 0, file: 1, pages: 1, prot: 1, clears: false },
      { at: 1, offset: 1, file: 1, pages: 1, prot: 5, clears: false },
      { at: 2, offset: 2, file: 1, pages: 1, prot: 1, clears: false },
      { at: 3, offset: 2, file: 2, pages: 2, prot: 3, clears: true },
    ],
    relro: { at: 3, pages: 1 },
  },
  interpreter: {
    anywhere: true,
    segments: [
      { at: 0, offset: 0, file: 1, pages: 1, prot: 1, clears: false },
      { at: 1, offset: 1, file: 0x25, pages: 0x25, prot: 5, clears: false },
      { at: 0x26, offset: 0x26, file: 0xa, pages: 0xa, prot: 1, clears: false },
      { at: 0x30, offset: 0x30, file: 4, pages: 5, prot: 3, clears: true },
    ],
    relro: { at: 0x30, pages: 2 },
  },
  strings: 2,
  start: [
    { does: 'read', base: 'interpreter', page: 1, pages: 1 },
    { does: 'write', base: 'interpreter', page: 0x30, pages: 3 },
    { does: 'relro', base: 'interpreter' },
    { does: 'write', base: 'image', page: 3, pages: 1 },
    { does: 'relro', base: 'image' },
    { does: 'brk', pages: 1 },
    { does: 'brk', pages: 33 },
    { does: 'write', base: 'heap', page: 0, pages: 2 },
  ],
  forked: [{ does: 'read', base: 'image', page: 1, pages: 1 }],
};

describe.each(kernels)('%s', (edition, options) => {
  it.each([STATIC_PROGRAM, DYNAMIC])('execve leaves what a process starts with', (program) => {
    const m = start(edition, options, { forks: 1, programs: [program] });
    const { mms, MM, lockKind } = m.machine.core;
    // Also how often mmap_lock was held for writing.
    const seq = (mm = 0) => (lockKind === 'absent' ? 0 : m.exec.peek(mm + MM.at.mm_lock_seq));
    const before = [...visible(m), seq(mms[0])];
    m.run([[['execve', 0]]]);
    expect(m.results[0]).toEqual([0]);
    expect(violations(m)).toEqual([]);
    expect([...visible(m), seq(mms[1])]).toEqual(before);
  });

  it('gives everything of the old program back', () => {
    const m = start(edition, options, { forks: 1 });
    const { pages, pt, vmas } = m.machine.core;
    const inUse = () => [pages, pt, vmas].map((pool) => pool.inUse(m.exec));
    const before = inUse();
    m.run([
      [
        ['mmap', 600, 3, 0x22],
        ['write', 0x40100],
        ['memfd_create', 3],
      ],
    ]);
    m.run([
      [
        ['execve', 0],
        ['execve', 0, 40],
      ],
    ]);
    expect(m.results[0]?.slice(-2)).toEqual([0, 0]);
    expect(violations(m)).toEqual([]);
    expect(inUse()).toEqual(before);
  });
});

/** Counts between a point and the end of a run. */
function counted(
  edition: string,
  options: typeof SMP64,
  before: readonly ScriptOp[],
  ops: readonly ScriptOp[],
) {
  const m = start(edition, options, { forks: 6 });
  m.run([before]);
  m.reset();
  m.run([ops]);
  expect(violations(m)).toEqual([]);
  const { mmapLock, names, vmaWriteLocks } = m.machine.events;
  const count = (event: number) => m.count(names[event] ?? '');
  return {
    read: count(mmapLock.read_acquired),
    write: count(mmapLock.write_acquired),
    vmas: vmaWriteLocks < 0 ? 0 : count(vmaWriteLocks),
    faults: m.count('pgfault'),
  };
}

describe('processes that run another program', () => {
  const steady: ScriptOp[] = [
    ['fork', [['execve', 0]]],
    ['wait', 0],
  ];

  it.each(kernels)('%s: fork, exec, exit and wait', (edition, options) => {
    const once = counted(edition, options, steady, steady);
    const twice = counted(edition, options, steady, [...steady, ...steady]);
    expect(twice.read - once.read).toBe(once.read);
    expect(twice.write - once.write).toBe(once.write);
  });

  it('spares the copy with vfork, and the VMA locks with it', () => {
    const of = (how: 'fork' | 'vfork' | 'posix_spawn') => {
      const ops: ScriptOp[] = [
        [how, [['execve', 0]]],
        ['wait', 0],
      ];
      return counted('v6.12', SMP64, ops, ops);
    };
    const [fork, vfork, spawn] = [of('fork'), of('vfork'), of('posix_spawn')];
    // dup_mmap: both mms; exit_mmap of the copy: reads once, writes once; exec_mmap and exit_mm are the same.
    expect(fork.write - vfork.write).toBe(3);
    // The mapping of the stack and its end.
    expect(spawn.write - vfork.write).toBe(2);
    // The first page of that stack needs an anon_vma; munmap goes on with a read lock.
    expect(spawn.read - vfork.read).toBe(2);
  });

  it('lets the parent of a vfork go on before the program starts', () => {
    const m = start('v7.0', SMP64, { forks: 2 });
    const order: string[] = [];
    m.run(
      [
        [
          ['vfork', [['execve', 0]]],
          ['wait', 0],
        ],
      ],
      (ready) => {
        const at = ready.map((tid) => m.exec.where(tid)?.routine.name);
        order.push(
          ...(at.filter((name) => name === 'do_wait' || name === 'load_elf_binary') as string[]),
        );
        return ready[0] as number;
      },
    );
    expect(order.indexOf('do_wait')).toBeLessThan(order.indexOf('load_elf_binary'));
    expect(violations(m)).toEqual([]);
  });
});

describe('a process of several threads', () => {
  const sleepers: ScriptOp[] = [
    ['pthread_create', [['pause']]],
    [
      'pthread_create',
      [
        ['mmap', 4, 3, 0x22],
        ['pthread_join', 1],
      ],
    ],
  ];

  it.each(kernels)('%s: exec ends the others', (edition, options) => {
    const m = start(edition, options, { forks: 6 });
    m.run([
      [
        ['fork', [...sleepers, ['execve', 0], ['pthread_create', [['read', 0x401]]]]],
        ['wait', 0],
      ],
    ]);
    expect(m.results[0]?.[1]).toBe(m.results[0]?.[0]);
    expect(violations(m)).toEqual([]);
  });

  it.each(kernels)('%s: a thread that calls exec becomes the process', (edition, options) => {
    const m = start(edition, options, { forks: 6 });
    const execs: ScriptOp = [
      'pthread_create',
      [
        ['execve', 0],
        ['write', 0x4ae],
      ],
    ];
    m.run([
      [
        ['fork', [...sleepers, execs, ['pause']]],
        ['wait', (r) => r[0] as number],
      ],
    ]);
    expect(m.results[0]?.[1]).toBe(m.results[0]?.[0]);
    // Its number is free for another.
    m.run([
      [
        ['fork', []],
        ['wait', 0],
      ],
    ]);
    expect(m.results[0]?.[3]).toBe(m.results[0]?.[2]);
    expect(violations(m)).toEqual([]);
  });

  it('ends the threads the machine starts with', () => {
    const m = start('v7.0', SMP64, { threads: 3, forks: 1 });
    m.run([
      [],
      [
        ['execve', 0],
        ['write', 0x4ae],
      ],
      [['write', 0x4ae], ['uffd_wait']],
    ]);
    expect(violations(m)).toEqual([]);
    expect(m.results[1]).toEqual([0, 0]);
  });

  it('keeps the place of the leader until a thread has taken its number', () => {
    const becomes: ScriptOp[] = [
      ['fork', [['pthread_create', [['execve', 0]]], ['pthread_create', [['pause']]], ['pause']]],
      ['wait', 0],
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }), (numbers) => {
        const m = start('v6.12', SMP64, { threads: 3, forks: 12, vmas: 256, pageTables: 200 });
        m.run([becomes, becomes, [...becomes, ...becomes]], scheduleFrom(numbers));
        expect(violations(m)).toEqual([]);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('is ended as a whole by its exit', () => {
    const m = start('v7.0', SMP64, { forks: 6 });
    m.run([
      [
        ['fork', [...sleepers, ['mmap', 4, 3, 0x22]]],
        ['wait', 0],
      ],
    ]);
    expect(m.results[0]?.[1]).toBe(m.results[0]?.[0]);
    expect(violations(m)).toEqual([]);
    expect(m.machine.area.tasks.filter((t) => m.exec.peek(t + TASK.at.mm) !== 0)).toHaveLength(1);
  });

  it('lets one of two threads that call exec at once win', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }), (numbers) => {
        const m = start('v6.12', SMP64, { threads: 2, forks: 2 });
        m.run([[['execve', 0]], [['execve', 0]]], scheduleFrom(numbers));
        expect(violations(m)).toEqual([]);
        const won = m.results.filter((r) => r[0] === 0);
        expect(won).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });
});
