import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { ADVICE, SWAP_DEVICES } from '../uapi.ts';
import {
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from '../user-script.test-util.ts';

const AT = 0x50000;
const FIXED = 0x32;
const N = 8;
const EEXIST = -17;
const on = (device: keyof typeof SWAP_DEVICES = 'zram', slots = 64): ScriptOp => [
  'swapon',
  slots,
  SWAP_DEVICES[device],
];
const map: ScriptOp = ['mmap', N, 3, FIXED, AT];
const touch = (op: 'read' | 'write', n = N): ScriptOp[] =>
  Array.from({ length: n }, (_, i): ScriptOp => [op, AT + i]);
const pageout: ScriptOp = ['madvise', AT, N, ADVICE.pageout];
const out: readonly ScriptOp[] = [on(), map, ...touch('write'), pageout];

const swapped = (
  setup: readonly ScriptOp[],
  run: readonly ScriptOp[],
  options: Readonly<Record<string, string>> = SMP64,
  edition = 'v6.12',
) => {
  const m = start(edition, { ...options, SWAP: 'y' }, { swap: 64, forks: 2 });
  const { pages, swap } = m.machine.core;
  const inMemory = pages.inUse(m.exec);
  m.run([setup]);
  m.reset();
  m.run([run]);
  expect(violations(m)).toEqual([]);
  return {
    results: m.results[0]?.slice(setup.length),
    pages: pages.inUse(m.exec) - inMemory,
    slots: swap.inUse(m.exec),
    faults: m.count('pgfault'),
    major: m.count('pgmajfault'),
    reuse: m.count('pgreuse'),
    retry: m.count('vma_lock_retry'),
    read: m.count('mmap_lock read_acquired'),
    do_swap_page: m.calls('do_swap_page'),
    do_wp_page: m.calls('do_wp_page'),
  };
};

describe.each([
  ['PER_VMA_LOCK=y', SMP64],
  ['PER_VMA_LOCK=n', SMP64_WITHOUT],
  ['SMP=n', UP64],
])('%s', (_, options) => {
  it('puts pages to zram and brings them back by major faults', () => {
    // The page tables stay; the pages of memory are free.
    expect(swapped(out, [], options)).toMatchObject({ pages: 0, slots: N });
    const back = swapped(out, touch('write'), options);
    expect(back).toMatchObject({ pages: N, slots: 0, faults: N, major: N, do_wp_page: 0 });
  });

  it('finds what a disk has not made leave the cache', () => {
    const disk = [on('disk'), ...out.slice(1)];
    expect(swapped(disk, [], options)).toMatchObject({ pages: N, slots: N });
    const back = swapped(disk, touch('write'), options);
    expect(back).toMatchObject({ pages: N, slots: 0, faults: N, major: 0 });
    // Read, they keep their slots; no other entry stands for them, so nothing is left to be done for a write.
    const read = swapped(disk, [...touch('read'), ...touch('write')], options);
    expect(read).toMatchObject({ pages: N, slots: N, faults: N, major: 0 });
  });

  it('copies entries by fork, and then pages that both have', () => {
    const child: ScriptOp = ['fork', [...touch('write'), ['pause']]];
    const c = swapped(out, [child], options);
    // The child's copies; what it read stays in the cache for the parent.
    expect(c).toMatchObject({ slots: N, major: N });
    const both = swapped(out, [['fork', touch('write')], ['wait', 0], ...touch('write')], options);
    // What the child left in the cache is the parent's alone.
    expect(both).toMatchObject({ slots: 0, major: N, pages: N });
  });

  it('throws away slots with the entries', () => {
    for (const drop of [
      ['munmap', AT, N],
      ['madvise', AT, N, ADVICE.dontneed],
      ['madvise', AT, N, ADVICE.free],
      ['mmap', N, 3, FIXED, AT],
    ] as const satisfies readonly ScriptOp[]) {
      expect(swapped(out, [drop], options)).toMatchObject({ slots: 0, faults: 0, pages: 0 });
    }
    // A process that ends.
    expect(
      swapped(
        [on()],
        [
          ['fork', out.slice(1)],
          ['wait', 0],
        ],
        options,
      ).slots,
    ).toBe(0);
  });

  it('moves entries, and leaves them when protection changes', () => {
    const moved: ScriptOp[] = [
      ['mremap', AT, N, N, 3, AT + 64],
      ['write', AT + 64],
    ];
    expect(swapped(out, moved, options)).toMatchObject({ slots: N - 1, major: 1 });
    const protect: ScriptOp[] = [
      ['mprotect', AT, N, 1],
      ['mprotect', AT, N, 3],
    ];
    const changed = swapped(out, protect, options);
    expect(changed).toMatchObject({ slots: N, faults: 0, do_swap_page: 0 });
  });

  it('reads ahead what advice asks for', () => {
    const c = swapped(out, [['madvise', AT, N, ADVICE.willneed], ...touch('write')], options);
    expect(c).toMatchObject({ slots: 0, faults: N, major: 0, pages: N });
  });

  it('brings everything back when swap is turned off', () => {
    const off = swapped(out, [['swapoff'], ...touch('write')], options);
    // Mapped read-only, as nobody has asked for more.
    expect(off).toMatchObject({ slots: 0, pages: N, major: 0, faults: N, reuse: N });
    expect(off.results?.[0]).toBe(0);
  });

  it('lets get_user_pages and mlock bring pages in', () => {
    const locked = swapped(out, [['mlock', AT, N]], options);
    expect(locked).toMatchObject({ slots: 0, pages: N, major: N });
    expect(swapped(out, [['process_vm_readv', AT, N]], options)).toMatchObject({ major: N });
  });
});

it('leaves pages that are shared or locked, and what does not fit', () => {
  const shared = swapped([on(), map, ...touch('write'), ['fork', [['pause']]]], [pageout]);
  expect(shared).toMatchObject({ slots: 0 });
  const locked = swapped([on(), map, ['mlock', AT, N]], [pageout]);
  expect(locked).toMatchObject({ slots: 0, results: [-22] });
  const full = swapped([on('zram', 3), map, ...touch('write')], [pageout]);
  expect(full).toMatchObject({ slots: 3, pages: N - 3 });
  const off = swapped([map, ...touch('write')], [pageout]);
  expect(off).toMatchObject({ slots: 0, pages: N });
});

it('is refused under the VMA lock in 6.4, and maps a read read-only before 6.12', () => {
  const old = swapped(out, touch('write'), SMP64, 'v6.4');
  expect(old).toMatchObject({ retry: N, read: N, major: N, do_swap_page: 2 * N });
  const run = [...touch('read'), ...touch('write')];
  expect(swapped(out, run, SMP64, 'v6.6')).toMatchObject({ retry: 0, faults: 2 * N, reuse: N });
  expect(swapped(out, run)).toMatchObject({ faults: N, reuse: 0 });
});

it('keeps userfaultfd from filling what is in swap', () => {
  const registered: ScriptOp[] = [
    ['userfaultfd', 0],
    ['uffd_register', AT, N, 1],
  ];
  const c = swapped([...out, ...registered], [['uffd_copy', AT, N]]);
  expect(c).toMatchObject({ results: [EEXIST], slots: N });
});

it('waits for a page somebody else works on without its lock, once', () => {
  // Whatever the interleaving, a touch that meets a locked page either waits or finds it gone; some schedule makes it wait.
  let waited = 0;
  for (let first = 1; first < 120; first++) {
    const m = start('v6.12', { ...SMP64, SWAP: 'y' }, { threads: 2, swap: 64 });
    m.run([[on('disk'), map, ...touch('write', 1)]]);
    m.reset();
    let steps = 0;
    m.run([[pageout], [['write', AT]]], (ready) =>
      ready.length === 1 || steps++ < first ? (ready[0] as number) : (ready[1] as number),
    );
    expect(violations(m)).toEqual([]);
    waited += m.count('vma_lock_retry');
  }
  expect(waited).toBeGreaterThan(0);
});

it('cannot be turned on again while it is being turned off', () => {
  const EBUSY = -16;
  const OTHER = AT + 0x100;
  const mapOther: ScriptOp = ['mmap', 2, 3, FIXED, OTHER];
  const inMemory: ScriptOp[] = [mapOther, ['write', OTHER], ['write', OTHER + 1]];
  // While pages are brought back, the other thread turns swap on and pages out what is in memory.
  const again: ScriptOp[] = [on(), ['madvise', OTHER, 2, ADVICE.pageout]];
  let refused = 0;
  for (let turn = 1; turn <= 12; turn++) {
    const m = start('v6.12', { ...SMP64, SWAP: 'y' }, { threads: 2, swap: 64 });
    m.run([[...out, ...inMemory]]);
    m.run(
      [[['swapoff']], again],
      scheduleFrom(Array.from({ length: 60 }, (_, i) => (i < turn ? 0 : 1))),
    );
    expect(violations(m), `after ${turn} steps`).toEqual([]);
    if (m.results[1]?.includes(EBUSY)) refused++;
  }
  expect(refused).toBeGreaterThan(0);
});
