import { describe, expect, it } from 'vitest';
import { contents, wordAt } from './contents.test-util.ts';
import { violations } from './invariants.test-util.ts';
import { ADVICE, MREMAP_FLAGS, SWAP_DEVICES, UFFD_FEATURES, UFFD_MODES } from './uapi.ts';
import {
  MADE,
  type Ran,
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  start,
  wordOf,
} from './user-script.test-util.ts';

const AT = 0x50000;
const OTHER = 0x58000;
const HUGE = 0x60000;
const SPAN = 512;
const PRIVATE_ANON = 0x32;
const SHARED_ANON = 0x31;
const PRIVATE_FILE = 0x12;
const SHARED_FILE = 0x11;
const HUGETLB = 0x40032;
const HUGETLB_SHARED = 0x40031;
const MOVE = MREMAP_FLAGS.maymove | MREMAP_FLAGS.fixed;
const file = (r: readonly number[]) => r[0] as number;

const anon = (pages = 4, at = AT): ScriptOp => ['mmap', pages, 3, PRIVATE_ANON, at];
const advise = (advice: keyof typeof ADVICE, at = AT, pages = 4): ScriptOp => [
  'madvise',
  at,
  pages,
  ADVICE[advice],
];
const swapon = (device: keyof typeof SWAP_DEVICES): ScriptOp => [
  'swapon',
  64,
  SWAP_DEVICES[device],
];
const FILE: readonly ScriptOp[] = [
  ['memfd_create', 4],
  ['mmap', 4, 3, SHARED_FILE, AT, file, 0],
  ['write', AT + 1],
];
const THP: readonly ScriptOp[] = [anon(SPAN, HUGE), advise('hugepage', HUGE, SPAN)];
const uffd = (modes: number, at = AT, pages = 4): ScriptOp[] => [
  ['userfaultfd', UFFD_FEATURES.sigbus],
  ['uffd_register', at, pages, modes],
];

/** The number of the operation that stored what is found, or that nothing has. */
type Found = number | 'zero';
type Case = readonly [
  name: string,
  ops: readonly ScriptOp[],
  found: Readonly<Record<number, Found>>,
];

const word = (by: Found): number => (by === 'zero' ? 0 : wordOf(0, by));

const cases: readonly Case[] = [
  ['zeroes in anonymous memory, read or written beside', [anon(), ['read', AT]], { [AT]: 'zero' }],
  ['what was written, last', [anon(), ['write', AT], ['write', AT]], { [AT]: 2, [AT + 1]: 'zero' }],
  [
    'what the kernel stored for the program',
    [anon(), ['copy_to_user', AT], ['process_vm_writev', AT + 1, 1], ['proc_mem_write', AT + 2, 1]],
    { [AT]: 1, [AT + 1]: 2, [AT + 2]: 3 },
  ],
  [
    'what a futex was changed to',
    [anon(), ['futex_wake_op', AT], ['futex_wake_op_private', AT + 1]],
    { [AT]: 1, [AT + 1]: 2 },
  ],
  [
    'zeroes where pages were thrown away or a frame is used again',
    [anon(), ['write', AT], advise('dontneed'), ['write', AT + 1], ['process_vm_writev', AT, 0]],
    { [AT]: 'zero', [AT + 1]: 3 },
  ],
  ['what it held after MADV_FREE', [anon(), ['write', AT], advise('free')], { [AT]: 1 }],
  [
    'pages where they were moved',
    [anon(), ['write', AT + 1], ['mremap', AT, 4, 4, MOVE, OTHER]],
    { [OTHER + 1]: 1 },
  ],
  [
    'nothing where pages were moved away and the mapping stayed',
    [anon(), ['write', AT + 1], ['mremap', AT, 4, 4, MREMAP_FLAGS.dontunmap | MOVE, OTHER]],
    { [AT + 1]: 'zero', [OTHER + 1]: 1 },
  ],
  [
    'the same file in all mappings',
    [
      ...FILE,
      ['mmap', 4, 3, PRIVATE_FILE, OTHER, file, 0],
      ['read', OTHER + 1],
      ['write', AT + 1],
      ['pwrite', file, 1, 2],
    ],
    { [OTHER + 1]: 5, [OTHER + 2]: 6, [AT + 2]: 6 },
  ],
  [
    'a private copy of a page that was read first',
    [
      ...FILE,
      ['mmap', 4, 3, PRIVATE_FILE, OTHER, file, 0],
      ['read', OTHER + 1],
      ['write', OTHER + 1],
      ['write', AT + 1],
    ],
    { [AT + 1]: 6, [OTHER + 1]: 5 },
  ],
  [
    'a private copy made for a write that stores elsewhere in the page',
    [
      ...FILE,
      ['mmap', 4, 3, PRIVATE_FILE, OTHER, file, 0],
      advise('populate_write', OTHER),
      ['write', AT + 1],
    ],
    { [AT + 1]: 5, [OTHER + 1]: 2 },
  ],
  [
    'the same of a page that was mapped to be read',
    [
      ...FILE,
      ['mmap', 4, 3, PRIVATE_FILE, OTHER, file, 0],
      ['read', OTHER + 1],
      advise('populate_write', OTHER),
      ['write', AT + 1],
    ],
    { [AT + 1]: 6, [OTHER + 1]: 2 },
  ],
  ['zeroes in a hole of a file', [...FILE, ['punch_hole', file, 1, 1]], { [AT + 1]: 'zero' }],
  [
    'zeroes where a file was cut short and made long again',
    [...FILE, ['ftruncate', file, 1], ['ftruncate', file, 4]],
    { [AT + 1]: 'zero' },
  ],
  [
    'shared anonymous memory that was thrown away',
    [['mmap', 4, 3, SHARED_ANON, AT], ['write', AT], advise('dontneed')],
    { [AT]: 1 },
  ],
  ...(['zram', 'disk'] as const).flatMap((device): Case[] => {
    // The frame of the page that goes to swap is another's before it comes back.
    const out = [
      swapon(device),
      anon(),
      ['write', AT],
      advise('pageout'),
      ['write', AT + 2],
    ] as const;
    return [
      [`what is in swap (${device})`, out, { [AT]: 2, [AT + 1]: 'zero', [AT + 2]: 4 }],
      [`what was brought back early (${device})`, [...out, advise('willneed')], { [AT]: 2 }],
      [`what swapoff brought back (${device})`, [...out, ['swapoff']], { [AT]: 2 }],
      [
        `what went to swap again after a write (${device})`,
        [...out, ['read', AT], ['write', AT], advise('pageout'), ['write', AT + 3]],
        { [AT]: 6, [AT + 2]: 4, [AT + 3]: 8 },
      ],
      [
        `a slot that was used before (${device})`,
        [...out, ['munmap', AT, 4], anon(), ['write', AT + 3], advise('pageout')],
        { [AT + 3]: 7 },
      ],
    ];
  }),
  [
    'what a huge page holds, page by page',
    [...THP, ['write', HUGE + 7], ['write', HUGE + 9]],
    { [HUGE]: 'zero', [HUGE + 7]: 2, [HUGE + 9]: 3 },
  ],
  [
    'the same when it was split',
    [...THP, ['write', HUGE + 7], ['mprotect', HUGE, 4, 1]],
    { [HUGE]: 'zero', [HUGE + 7]: 2 },
  ],
  [
    'what is written to the huge zero page',
    [...THP, ['read', HUGE], ['write', HUGE + 7]],
    { [HUGE]: 'zero', [HUGE + 7]: 3 },
  ],
  [
    'small pages made a huge one',
    [
      anon(SPAN, HUGE),
      ['write', HUGE + 7],
      ['read', HUGE + 8],
      ['write', HUGE + 9],
      advise('hugepage', HUGE, SPAN),
      advise('collapse', HUGE, SPAN),
    ],
    { [HUGE + 7]: 1, [HUGE + 8]: 'zero', [HUGE + 9]: 3 },
  ],
  [
    'zeroes in a huge page whose frames were used before',
    [...THP, ['write', HUGE + 7], ['munmap', HUGE, SPAN], ...THP, ['write', HUGE + 8]],
    { [HUGE + 7]: 'zero', [HUGE + 8]: 6 },
  ],
  [
    'a huge page that moved',
    [...THP, ['write', HUGE + 7], ['mremap', HUGE, SPAN, SPAN, MOVE, HUGE + SPAN]],
    { [HUGE + SPAN + 7]: 2 },
  ],
  [
    'what a page of hugetlbfs holds',
    [
      ['mmap', SPAN, 3, HUGETLB, HUGE],
      ['write', HUGE + 7],
      ['munmap', HUGE, SPAN],
      ['mmap', SPAN, 3, HUGETLB, HUGE],
      ['write', HUGE + 8],
    ],
    { [HUGE + 7]: 'zero', [HUGE + 8]: 4 },
  ],
  [
    'what userfaultfd filled in',
    [
      anon(1, OTHER),
      ['write', OTHER],
      anon(),
      ...uffd(UFFD_MODES.missing),
      ['uffd_copy', AT, 1, 0, OTHER],
      ['uffd_copy', AT + 1, 1, 0, 0],
      ['uffd_zeropage', AT + 2, 1],
    ],
    { [AT]: 1, [AT + 1]: 6, [AT + 2]: 'zero' },
  ],
  [
    'what it filled in from memory that was in swap',
    [
      swapon('zram'),
      anon(1, OTHER),
      ['write', OTHER],
      advise('pageout', OTHER, 1),
      anon(),
      ...uffd(UFFD_MODES.missing),
      ['uffd_copy', AT, 1, 0, OTHER],
    ],
    { [AT]: 2 },
  ],
  [
    'what it filled in of shared memory',
    [
      anon(1, OTHER),
      ['write', OTHER],
      ['mmap', 4, 3, SHARED_ANON, AT],
      ...uffd(UFFD_MODES.missing),
      ['uffd_copy', AT, 1, 0, OTHER],
      ['uffd_zeropage', AT + 1, 1],
    ],
    { [AT]: 1, [AT + 1]: 'zero' },
  ],
  [
    'what it filled in of hugetlbfs',
    [
      anon(SPAN, HUGE),
      advise('populate_write', HUGE, SPAN),
      ['write', HUGE + 7],
      ['mmap', SPAN, 3, HUGETLB, HUGE + SPAN],
      ...uffd(UFFD_MODES.missing, HUGE + SPAN, SPAN),
      ['uffd_copy', HUGE + SPAN, SPAN, 0, HUGE],
    ],
    { [HUGE + SPAN]: 'zero', [HUGE + SPAN + 7]: 2 },
  ],
  [
    'what is in the file behind a minor fault',
    [
      ...FILE,
      ['mmap', 4, 3, SHARED_FILE, OTHER, file, 0],
      ...uffd(UFFD_MODES.minor, OTHER),
      ['uffd_continue', OTHER + 1, 1],
    ],
    { [OTHER + 1]: 2 },
  ],
];

const run = (
  edition: string,
  options: Readonly<Record<string, string>>,
  ops: readonly ScriptOp[],
) => {
  const m = start(
    edition,
    { ...options, SWAP: 'y' },
    { swap: 64, forks: 2, pages: 8192, pageTables: 96 },
  );
  m.run([ops]);
  expect(violations(m)).toEqual([]);
  return m;
};
/** What a load of a page gives now. */
const load = (m: Ran, page: number): number => {
  m.run([[['read', page]]]);
  expect(m.results[0]?.at(-1)).toBe(0);
  return m.loads[0]?.at(-1) as number;
};

describe.each([
  ['v6.12', SMP64],
  ['v7.0', SMP64],
  ['v7.0', SMP64_WITHOUT],
] as const)('%s, %o', (edition, options) => {
  it.each(cases)('finds %s', (_, ops, found) => {
    const m = run(edition, options, ops);
    for (const [page, by] of Object.entries(found)) {
      const at = Number(page);
      expect(wordAt(m, m.machine.core.mms[0] as number, at), `at ${at - AT}`).toBe(word(by));
      expect(load(m, at), `read at ${at - AT}`).toBe(word(by));
    }
  });

  it('finds what sockets and binder delivered', () => {
    const m = run(edition, options, [
      ['tcp_mmap', 4],
      ['tcp_zerocopy_receive', file, 2],
      ['binder_mmap', 4],
      ['binder_insert', (r) => (r[2] as number) + 1],
      ['binder_free', (r) => (r[2] as number) + 1],
      ['binder_insert', (r) => (r[2] as number) + 1],
    ]);
    const [tcp = 0, , binder = 0] = m.results[0] as number[];
    expect(m.results[0]?.slice(3)).toEqual([0, 0, 0]);
    expect(load(m, tcp + 1)).toBe(wordOf(0, 1));
    expect(load(m, binder + 1)).toBe(wordOf(0, 5));
  });

  it('loads by system calls what is there', () => {
    const m = run(edition, options, [anon(), ['write', AT], ['write', AT + 1]]);
    const loads: ScriptOp[] = [
      ['copy_from_user', AT],
      ['process_vm_readv', AT, 2],
      ['proc_mem_read', AT, 1],
      ['vmsplice', AT + 1],
    ];
    m.run([loads]);
    expect(m.loads[0]?.slice(-4)).toEqual([1, 2, 1, 2].map(word));
  });

  it('takes and gives a futex with priority inheritance, unless it holds something else', () => {
    const lock: ScriptOp = ['futex_lock_pi_private', AT];
    const m = run(edition, options, [anon(), lock]);
    const mine = load(m, AT);
    expect(mine).toBeGreaterThan(0);
    m.run([[['futex_unlock_pi_private', AT]]]);
    expect(load(m, AT)).toBe(0);
    m.run([[['write', AT], lock, ['futex_unlock_pi', AT]]]);
    expect(load(m, AT)).toBe(word((m.results[0]?.length ?? 0) - 4));
  });

  /** A child and its parent write after the fork; each keeps what the other does not see. */
  it.each([
    ['small', [anon(4, HUGE)]],
    ['small, in swap', [swapon('zram'), anon(4, HUGE)]],
    ['huge', THP],
    ['hugetlbfs', [['mmap', SPAN, 3, HUGETLB, HUGE]]],
  ] as const satisfies readonly (readonly [string, readonly ScriptOp[]])[])(
    'keeps apart what parent and child write to %s pages',
    (kind, setup) => {
      const n = setup.length;
      const out = kind.includes('swap') ? [advise('pageout', HUGE)] : [];
      const child: ScriptOp[] = [
        ['read', HUGE + 1],
        ['write', HUGE],
        ['read', HUGE],
        ['read', HUGE + 1],
      ];
      const m = run(edition, options, [
        ...setup,
        ['write', HUGE],
        ['write', HUGE + 1],
        ...out,
        ['fork', child],
        ['write', HUGE],
        ['wait', 0],
      ]);
      const before = [word(n), word(n + 1)] as const;
      expect(m.made[0]?.loads).toEqual([before[1], 0, wordOf(MADE, 1), before[1]]);
      expect(load(m, HUGE)).toBe(word(n + 3 + out.length));
      expect(load(m, HUGE + 1)).toBe(before[1]);
    },
  );

  it.each([SHARED_ANON, HUGETLB_SHARED])(
    'shows the parent what a child writes to shared memory',
    (flags) => {
      const m = run(edition, options, [
        ['mmap', SPAN, 3, flags, HUGE],
        ['fork', [['write', HUGE + 3]]],
        ['wait', 0],
      ]);
      expect(load(m, HUGE + 3)).toBe(wordOf(MADE, 0));
    },
  );

  it('finds its own program in memory', () => {
    const m = run(edition, options, []);
    const words = contents(m)[0] as string;
    // The first page of the code is the second of the file.
    expect(words).toContain(`${0x401}=2`);
    expect(load(m, 0x401)).toBe(2);
  });
});
