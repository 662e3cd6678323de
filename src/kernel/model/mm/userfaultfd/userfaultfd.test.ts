import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations, visible } from '../../invariants.test-util.ts';
import type { Scheduler } from '../../machine/index.ts';
import { UFFD_COPY_MODES, UFFD_FEATURES, UFFD_MODES } from '../../uapi.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT, start, UP64 } from '../../user-script.test-util.ts';

const PRIVATE_FIXED = 0x32;
const SHARED_FIXED = 0x31;
const AT = 0x50000;
const SIGBUS = 7;

const kernels = [
  ['v6.12', SMP64],
  ['v6.12', SMP64_WITHOUT],
  ['v6.12', UP64],
  ['v7.0', SMP64],
  ['v7.0', UP64],
  ['all-builds-v2', UP64],
] as const;

const anyOrder = (numbers: readonly number[]): Scheduler => {
  let i = 0;
  return (ready) => ready[(numbers[i++ % numbers.length] as number) % ready.length] as number;
};
const last = (results: readonly number[]): number => results[results.length - 1] as number;
const answers = (n: number, ...op: ScriptOp): ScriptOp[] =>
  Array.from({ length: n }, (): ScriptOp[] => [['uffd_wait'], op]).flat();

/** How a fault of each kind comes about, and what a handler answers it with. */
const KINDS: readonly [string, readonly ScriptOp[], ['read' | 'write', number], ScriptOp][] = [
  [
    'missing, COPY',
    [
      ['mmap', 4, 3, PRIVATE_FIXED, AT],
      ['uffd_register', AT, 4, UFFD_MODES.missing],
    ],
    ['write', AT],
    ['uffd_copy', last, 1],
  ],
  [
    'missing, ZEROPAGE',
    [
      ['mmap', 4, 3, PRIVATE_FIXED, AT],
      ['uffd_register', AT, 4, UFFD_MODES.missing],
    ],
    ['read', AT],
    ['uffd_zeropage', last, 1],
  ],
  [
    'missing in a file, COPY',
    [
      ['mmap', 4, 3, SHARED_FIXED, AT],
      ['uffd_register', AT, 4, UFFD_MODES.missing],
    ],
    ['write', AT],
    ['uffd_copy', last, 1],
  ],
  [
    'write-protected',
    [
      ['mmap', 4, 3, PRIVATE_FIXED, AT],
      ...[0, 1, 2, 3].map((i): ScriptOp => ['write', AT + i]),
      ['uffd_register', AT, 4, UFFD_MODES.wp],
      ['uffd_writeprotect', AT, 4, 1],
    ],
    ['write', AT],
    ['uffd_writeprotect', last, 1, 0],
  ],
  [
    'minor, CONTINUE',
    [
      ['mmap', 4, 3, SHARED_FIXED, AT],
      ...[0, 1, 2, 3].map((i): ScriptOp => ['write', AT + i]),
      ['madvise', AT, 4, 4],
      ['uffd_register', AT, 4, UFFD_MODES.minor],
    ],
    ['write', AT],
    ['uffd_continue', last, 1],
  ],
];

describe.each(KINDS)('faults: %s', (_, setup, touch, answer) => {
  const touches = [0, 1, 2, 3].map((i): ScriptOp => [touch[0], AT + i]);

  it.each(kernels)('%s answers each once, in any interleaving', (edition, options) => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }), (numbers) => {
        const m = start(edition, options, { threads: 3 });
        m.run([[['userfaultfd', 0], ...setup]]);
        m.reset();
        // Two threads touch pages of their own; one handler answers both.
        m.run([touches.slice(0, 2), touches.slice(2), answers(4, ...answer)], anyOrder(numbers));
        expect(violations(m)).toEqual([]);
        expect(m.results[0]?.slice(-2)).toEqual([0, 0]);
        expect(m.results[1]).toEqual([0, 0]);
        expect(m.results[2]?.filter((_r, i) => i % 2 === 0).sort()).toEqual(
          [0, 1, 2, 3].map((i) => AT + i),
        );
        // A fault that waits is counted once, when it is done.
        expect(m.count('pgfault')).toBe(4);
      }),
      { numRuns: 25 },
    );
  });
});

describe('fallbacks', () => {
  const hits = (m: ReturnType<typeof start>, site: string) => m.count(`fallback ${site}`);

  it.each(['v6.12', 'v7.0'])('%s takes mmap_lock for the first page only', (edition) => {
    const m = start(edition, SMP64);
    m.run([
      [
        ['userfaultfd', 0],
        ['mmap', 4, 3, PRIVATE_FIXED, AT],
        ['uffd_register', AT, 4, UFFD_MODES.missing],
      ],
    ]);
    m.reset();
    m.run([[0, 1, 2, 3].map((i): ScriptOp => ['uffd_zeropage', AT + i, 1])]);
    expect(hits(m, 'uffd_lock_vma:anon_vma')).toBe(1);
    expect(hits(m, 'uffd_lock_vma:lock_vma_under_rcu')).toBe(0);
    expect(m.count('mmap_lock read_acquired')).toBe(1);
  });

  it('drops the destination before it waits for mmap_lock on behalf of the source', () => {
    const m = start('v7.0', SMP64);
    m.run([
      [
        ['userfaultfd', 0],
        ['mmap', 4, 3, PRIVATE_FIXED, AT],
        ['uffd_register', AT, 4, UFFD_MODES.missing],
        ['uffd_zeropage', AT, 1],
        ['uffd_move', AT + 1, 1, 0, AT + 0x100],
      ],
    ]);
    expect(hits(m, 'uffd_move_lock:lock_vma_under_rcu')).toBe(1);
    expect(m.results[0]?.at(-1)).toBe(-2);
    expect(violations(m)).toEqual([]);
  });

  it('copies from a page that is not there only after it has let the VMA go', () => {
    const m = start('v7.0', SMP64);
    m.run([
      [
        ['userfaultfd', 0],
        ['mmap', 4, 3, PRIVATE_FIXED, AT],
        ['mmap', 4, 3, PRIVATE_FIXED, AT + 0x100],
        ['uffd_register', AT, 4, UFFD_MODES.missing],
      ],
    ]);
    m.reset();
    m.run([[['uffd_copy', AT, 4, 0, AT + 0x100]]]);
    expect(m.results[0]?.at(-1)).toBe(0);
    expect(m.count('pgfault')).toBe(4);
    expect(m.calls('uffd_mfill_lock')).toBe(5);
    expect(violations(m)).toEqual([]);
  });
});

describe.each(kernels)('%s', (edition, options) => {
  const run = (ops: readonly ScriptOp[]) => {
    const m = start(edition, options);
    m.run([[['userfaultfd', UFFD_FEATURES.sigbus], ['mmap', 4, 3, PRIVATE_FIXED, AT], ...ops]]);
    expect(violations(m)).toEqual([]);
    return m.results[0]?.slice(2);
  };

  it('keeps a page poisoned through mprotect', () => {
    const m = start(edition, options);
    m.run([
      [
        ['userfaultfd', 0],
        ['mmap', 4, 3, PRIVATE_FIXED, AT],
        ['uffd_register', AT, 4, UFFD_MODES.missing],
        ['uffd_poison', AT + 1, 1],
        ['mprotect', AT, 4, 0],
        ['mprotect', AT, 4, 3],
        ['read', AT + 1],
      ],
    ]);
    expect(m.results[0]?.at(-1)).toBe(-SIGBUS);
    expect(violations(m)).toEqual([]);
  });

  it.each([
    ['uffd_copy', SHARED_FIXED],
    ['uffd_zeropage', SHARED_FIXED],
    ['uffd_zeropage', PRIVATE_FIXED],
  ] as const)('fills with the protection of the VMA: %s', (op, flags) => {
    const m = start(edition, options);
    m.run([
      [
        ['userfaultfd', UFFD_FEATURES.sigbus],
        ['mmap', 2, 0, flags, AT],
        ['uffd_register', AT, 2, UFFD_MODES.missing],
        [op, AT, 1],
        ['read', AT],
        ['mprotect', AT, 2, 1],
        ['read', AT],
      ],
    ]);
    expect(m.results[0]?.slice(3)).toEqual([0, -11, 0, 0]);
    expect(violations(m)).toEqual([]);
  });

  it('raises SIGBUS where nobody is to be asked, and on poison', () => {
    expect(
      run([
        ['uffd_register', AT, 2, UFFD_MODES.missing],
        ['write', AT],
        ['write', AT + 2],
        ['uffd_poison', AT + 1, 1],
        ['read', AT + 1],
        ['uffd_poison', AT + 1, 1],
        ['uffd_unregister', AT, 2],
        ['write', AT],
        ['read', AT + 1],
        ['madvise', AT, 2, 4],
        ['read', AT + 1],
      ]),
    ).toEqual([0, -SIGBUS, 0, 0, -SIGBUS, -17, 0, 0, -SIGBUS, 0, 0]);
  });

  it('fills only what is registered and missing', () => {
    expect(
      run([
        ['uffd_copy', AT, 1],
        ['uffd_register', AT, 4, UFFD_MODES.missing],
        ['uffd_copy', AT, 2],
        ['uffd_zeropage', AT, 1],
        ['uffd_zeropage', AT + 2, 3],
        ['uffd_continue', AT + 3, 1],
        ['write', AT],
      ]),
    ).toEqual([-2, 0, 0, -17, -2, -22, 0]);
  });

  it('moves pages, and holes only where that is asked for', () => {
    expect(
      run([
        ['write', AT + 2],
        ['uffd_register', AT, 4, UFFD_MODES.missing],
        ['uffd_move', AT, 1, 0, AT + 2],
        ['write', AT],
        ['uffd_move', AT + 1, 1, 0, AT + 2],
        ['uffd_move', AT + 1, 1, UFFD_COPY_MODES.allow_src_holes, AT + 2],
        ['uffd_move', AT, 1, 0, AT],
      ]),
    ).toEqual([0, 0, 0, 0, -2, 0, -17]);
  });
});

describe.each(kernels)('%s, processes', (edition, options) => {
  const at = (m: ReturnType<typeof start>) =>
    visible(m).filter((line) => line.startsWith(`[${AT}, `));

  it('leaves a child with its own memory and nobody who watches it, but poisoned where it was', () => {
    const m = start(edition, options, { forks: 1 });
    const touch: ScriptOp[] = [
      ['write', AT],
      ['write', AT + 1],
      ['read', AT + 2],
    ];
    m.run([
      [
        ['userfaultfd', UFFD_FEATURES.sigbus],
        ['mmap', 4, 3, PRIVATE_FIXED, AT],
        ['write', AT],
        ['uffd_register', AT, 4, UFFD_MODES.missing | UFFD_MODES.wp],
        ['uffd_writeprotect', AT, 1, 1],
        ['uffd_poison', AT + 2, 1],
        ['fork', [...touch, ['uffd_copy', AT + 3, 1], ['pause']]],
        ...touch,
      ],
    ]);
    expect(violations(m)).toEqual([]);
    expect(m.results[0]?.slice(-3)).toEqual([-SIGBUS, -SIGBUS, -SIGBUS]);
    expect(at(m)).toEqual([
      `[${AT}, ${AT + 4}) ${0x1203} ${AT}:13 ${AT + 2}:4z`,
      `[${AT}, ${AT + 4}) 3 ${AT}:7 ${AT + 1}:7 ${AT + 2}:4z`,
    ]);
  });

  it('clears the mark of a page that parent and child share', () => {
    const m = start(edition, options, { forks: 1 });
    m.run([
      [
        ['userfaultfd', UFFD_FEATURES.sigbus],
        ['mmap', 4, 3, PRIVATE_FIXED, AT],
        ['write', AT],
        ['uffd_register', AT, 4, UFFD_MODES.wp],
        ['uffd_writeprotect', AT, 1, 1],
        ['fork', [['pause']]],
      ],
    ]);
    expect(at(m)).toEqual([
      `[${AT}, ${AT + 4}) ${0x1003} ${AT}:13`,
      `[${AT}, ${AT + 4}) 3 ${AT}:5`,
    ]);
    expect(violations(m)).toEqual([]);
  });

  it('asks the handler for the parent only, and does not run on for a handler that waits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }), (numbers) => {
        const m = start(edition, options, { threads: 2, forks: 1 });
        m.run([
          [
            ['userfaultfd', 0],
            ['mmap', 4, 3, PRIVATE_FIXED, AT],
            ['uffd_register', AT, 4, UFFD_MODES.missing],
          ],
        ]);
        const handler: ScriptOp[] = [['uffd_wait'], ['uffd_zeropage', last, 1], ['uffd_wait']];
        m.run(
          [
            [
              ['fork', [['write', AT + 1]]],
              ['write', AT],
              ['wait', 0],
            ],
            handler,
          ],
          anyOrder(numbers),
        );
        expect(violations(m)).toEqual([]);
        expect(m.results[1]).toEqual([AT, 0]);
        expect(at(m)).toEqual([`[${AT}, ${AT + 4}) ${0x203} ${AT}:7`]);
      }),
      { numRuns: 25 },
    );
  });

  it('closes the descriptor of a child that has exited', () => {
    const m = start(edition, options, { forks: 1 });
    const register: ScriptOp[] = [
      ['mmap', 4, 3, PRIVATE_FIXED, AT],
      ['uffd_register', AT, 4, UFFD_MODES.missing],
    ];
    m.run([
      [
        ['fork', [['userfaultfd', 0], ...register]],
        ['wait', 0],
        ['fork', [...register, ['pause']]],
      ],
    ]);
    expect(at(m)).toEqual([`[${AT}, ${AT + 4}) 3`]);
  });
});
