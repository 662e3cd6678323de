/** What the editions do differently, each seen in what a script makes the kernel count. */
import { describe, expect, it } from 'vitest';
import { UFFD_FEATURES, UFFD_MODES } from './uapi.ts';
import { type Ran, type ScriptOp, SMP64, SMP64_WITHOUT, start } from './user-script.test-util.ts';

const AT = 0x50000;
const PRIVATE_ANON = 0x32;
const SHARED_FILE = 0x11;
const PRIVATE_FILE = 0x12;
const HUGETLB = 0x40032;
const RELEASES = ['v6.4', 'v6.6', 'v6.12', 'v6.15', 'v7.0', 'v7.1', 'all-builds-v1'] as const;
const memfd = (results: readonly number[]) => results[0] as number;

/** Attempts under the VMA lock, and what had to be done under mmap_lock. */
const attempts = (m: Ran) =>
  [
    ['success', m.count('vma_lock_success')],
    ['abort', m.count('vma_lock_abort')],
    ['retry', m.count('vma_lock_retry')],
    ['mmap_lock', m.count('mmap_lock read_acquired')],
  ]
    .filter(([, n]) => n !== 0)
    .map(([what, n]) => `${what} ${n}`)
    .join(', ');

/** Counts what `ops` do after `setup`. */
function counted(edition: string, setup: readonly ScriptOp[], ops: readonly ScriptOp[]): Ran {
  const m = start(edition, SMP64);
  m.run([setup]);
  m.reset();
  m.run([ops]);
  return m;
}

describe('faults under the VMA lock', () => {
  const anon: ScriptOp = ['mmap', 8, 3, PRIVATE_ANON, AT];
  const file: ScriptOp[] = [
    ['memfd_create', 32],
    ['pwrite', memfd, 32, 0],
  ];
  const map = (prot: number, flags: number): ScriptOp => ['mmap', 32, prot, flags, AT, memfd, 0];

  /** What a fault does in 6.4, in 6.6, and since. */
  const cases: [string, readonly ScriptOp[], readonly ScriptOp[], [string, string, string]][] = [
    [
      'the first write to anonymous memory',
      [anon],
      [['write', AT]],
      ['abort 1, mmap_lock 1', 'abort 1, mmap_lock 1', 'success 1, mmap_lock 1'],
    ],
    [
      'a read of anonymous memory nobody has written to',
      [anon],
      [['read', AT]],
      ['abort 1, mmap_lock 1', 'abort 1, mmap_lock 1', 'success 1'],
    ],
    [
      'a later write',
      [anon, ['write', AT]],
      [['write', AT + 1]],
      ['success 1', 'success 1', 'success 1'],
    ],
    [
      'a read of a page in the cache',
      [...file, map(1, SHARED_FILE)],
      [['read', AT]],
      ['abort 1, mmap_lock 1', 'success 1', 'success 1'],
    ],
    [
      'a read of a hole of a file',
      [['memfd_create', 32], map(1, SHARED_FILE)],
      [['read', AT]],
      ['abort 1, mmap_lock 1', 'retry 1, mmap_lock 1', 'success 1'],
    ],
    [
      'a write to a shared file',
      [...file, map(3, SHARED_FILE)],
      [['write', AT]],
      ['abort 1, mmap_lock 1', 'retry 1, mmap_lock 1', 'success 1'],
    ],
    [
      'a first write to a private file',
      [...file, map(3, PRIVATE_FILE)],
      [['write', AT]],
      ['abort 1, mmap_lock 1', 'retry 1, mmap_lock 1', 'success 1, mmap_lock 1'],
    ],
    [
      'a write to a page of a private file that is mapped',
      [...file, map(3, PRIVATE_FILE), ['write', AT], ['read', AT + 20]],
      [['write', AT + 20]],
      ['abort 1, mmap_lock 1', 'success 1', 'success 1'],
    ],
    [
      'a write to hugetlb',
      [['mmap', 512, 3, HUGETLB, 0x60000]],
      [['write', 0x60000]],
      ['abort 1, mmap_lock 1', 'retry 1, mmap_lock 1', 'success 1, mmap_lock 1'],
    ],
    [
      'an access the VMA does not allow',
      [anon, ['write', AT], ['mprotect', AT, 8, 1]],
      [['write', AT]],
      ['mmap_lock 1', 'mmap_lock 1', 'success 1'],
    ],
    [
      'a page that userfaultfd watches',
      [
        ['userfaultfd', UFFD_FEATURES.sigbus],
        anon,
        ['write', AT],
        ['uffd_register', AT, 8, UFFD_MODES.missing],
      ],
      [['write', AT + 1]],
      ['abort 1, mmap_lock 1', 'success 1', 'success 1'],
    ],
  ];
  it.each(cases)('%s', (_, setup, ops, [in64, in66, since]) => {
    for (const edition of RELEASES) {
      const expected = edition === 'v6.4' ? in64 : edition === 'v6.6' ? in66 : since;
      expect(attempts(counted(edition, setup, ops)), edition).toBe(expected);
    }
  });

  it('without the lock each takes mmap_lock once, whatever the edition', () => {
    for (const edition of ['v6.4', 'v6.6', 'v6.12', 'v6.15', 'v7.0'] as const) {
      const m = start(edition, SMP64_WITHOUT);
      m.run([[anon]]);
      m.reset();
      m.run([
        [
          ['write', AT],
          ['read', AT + 1],
        ],
      ]);
      expect(attempts(m), edition).toBe('mmap_lock 2');
      expect(m.calls('lock_vma_under_rcu'), edition).toBe(edition === 'v6.4' ? 0 : 2);
    }
  });

  it('a fault tried again counts twice in 6.4 and once later', () => {
    const last = (r: readonly number[]) => r[r.length - 1] as number;
    for (const edition of RELEASES) {
      const m = start(edition, SMP64, { threads: 2 });
      m.run([[['userfaultfd', 0], anon, ['uffd_register', AT, 8, UFFD_MODES.missing]], []]);
      m.reset();
      m.run([[['write', AT]], [['uffd_wait'], ['uffd_zeropage', last, 1]]]);
      expect(m.count('pgfault'), edition).toBe(edition === 'v6.4' ? 2 : 1);
    }
  });
});

describe('a stack that grows', () => {
  const grown = (edition: string) => counted(edition, [['stack_write', 0]], [['stack_write', 40]]);

  it('does so under mmap_lock held for reading in 6.4, for writing later', () => {
    for (const edition of RELEASES) {
      const m = grown(edition);
      expect(m.count('mmap_lock write_acquired'), edition).toBe(edition === 'v6.4' ? 0 : 1);
      expect(attempts(m), edition).toMatch(/^abort 1/);
    }
  });

  it('has the place where that happens on the surface', () => {
    const sites = (edition: string) => [...start(edition, SMP64).machine.events.fallbacks.keys()];
    expect(sites('v6.4')).not.toContain('lock_mm_and_find_vma:expand_stack');
    expect(sites('v6.6')).toContain('lock_mm_and_find_vma:expand_stack');
  });
});

describe('writers', () => {
  const locks = (edition: string, setup: readonly ScriptOp[], ops: readonly ScriptOp[]) => {
    const m = start(edition, SMP64, { forks: 1 });
    m.run([setup]);
    m.reset();
    m.run([ops]);
    return m.count('vma_write_locks');
  };

  it('lock a VMA they have just mapped, but in 6.4', () => {
    const mapped = (edition: string) => locks(edition, [], [['mmap', 8, 3, PRIVATE_ANON, AT]]);
    expect(RELEASES.map(mapped)).toEqual([0, 1, 1, 1, 1, 1, 1]);
  });

  it('lock the VMAs of a process that forks, but in 6.4', () => {
    const map: ScriptOp[] = [0, 16, 32].map((i) => ['mmap', 8, 3, PRIVATE_ANON, AT + i]);
    const forked = (edition: string, setup: ScriptOp[]) =>
      locks(edition, setup, [['fork', [['pause']]]]);
    // Three VMAs more: each copy is locked once to clear a flag, and each original once to be copied.
    const more = (edition: string) => forked(edition, map) - forked(edition, []);
    // 6.12 and 6.15 lock the copy of the vdso under two mms, whose sequences may be equal.
    expect((['v6.4', 'v6.6', 'v7.0', 'v7.1'] as const).map(more)).toEqual([3, 6, 6, 6]);
  });
});

describe('callers', () => {
  it('tcp takes mmap_lock at once in 6.4 and tries the VMA first later', () => {
    const receive = (edition: string) =>
      attempts(counted(edition, [['tcp_mmap', 4]], [['tcp_zerocopy_receive', 0x1, 1]]));
    // Nothing is mapped there: both ways are seen to the end.
    expect(receive('v6.4')).toBe('mmap_lock 1');
    expect(receive('v6.6')).toBe('abort 1, mmap_lock 1');
    expect(receive('v7.1')).toBe('abort 1, mmap_lock 1');
  });

  it('userfaultfd fills pages under mmap_lock before 6.9', () => {
    const filled = (edition: string) =>
      counted(
        edition,
        [
          ['userfaultfd', 0],
          ['mmap', 4, 3, PRIVATE_ANON, AT],
          ['uffd_register', AT, 4, UFFD_MODES.missing],
          ['uffd_zeropage', AT, 1],
        ],
        [['uffd_zeropage', AT + 1, 1]],
      ).count('mmap_lock read_acquired');
    expect(RELEASES.map(filled)).toEqual([1, 1, 0, 0, 0, 0, 0]);
  });

  it.each<[string, ScriptOp, number, readonly string[]]>([
    ['mseal', ['mseal', AT, 1], -38, ['v6.4', 'v6.6']],
    ['PROCMAP_QUERY', ['proc_map_query', AT], -25, ['v6.4', 'v6.6']],
    ['UFFDIO_POISON', ['uffd_poison', AT + 1, 1], -22, ['v6.4']],
    ['UFFDIO_MOVE', ['uffd_move', AT + 1, 1, 0, AT], -22, ['v6.4', 'v6.6']],
  ])('%s is unknown to kernels older than it', (_, op, error, older) => {
    const result = (edition: string) => {
      const m = start(edition, SMP64);
      m.run([
        [
          ['userfaultfd', 0],
          ['mmap', 4, 3, PRIVATE_ANON, AT],
          ['write', AT],
          ['uffd_register', AT, 4, UFFD_MODES.missing],
          op,
        ],
      ]);
      return m.results[0]?.at(-1);
    };
    for (const edition of RELEASES) {
      if (older.includes(edition)) expect(result(edition), edition).toBe(error);
      else expect(result(edition), edition).toBe(0);
    }
  });
});
