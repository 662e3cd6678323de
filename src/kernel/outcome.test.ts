import { describe, expect, it } from 'vitest';
import { editionNamed } from './editions/index.ts';
import type { Failure, Measurement, Outcome } from './index.ts';
import { instantiate } from './model/kernel.ts';
import { config, SMP64, UP64 } from './model/user-script.test-util.ts';
import { simulate } from './simulate.ts';
import { readWorkload } from './workloads/index.ts';

type Options = Readonly<Record<string, string>>;

function measure(edition: string, threads: string, cpus = [1], options: Options = SMP64) {
  const found = editionNamed(edition);
  if (found === undefined) throw new RangeError(edition);
  const workload = readWorkload(`name: w\n${threads.trimStart()}`, 'w.yaml');
  return simulate(instantiate(found, config(options)), workload, { cpus, runs: 2, seed: 1 });
}

function endOf<K extends Failure['kind']>({ outcome }: Measurement, kind: K) {
  expect(outcome.kind).toBe(kind);
  return outcome as Extract<Outcome, { kind: K }>;
}

const NOWHERE = `
threads:
  - name: sender
    run:
      - tcp_mmap: { pages: 4, as: buf }
      - munmap: { at: buf, pages: 2 }
      - munmap: { at: buf+2, pages: 2 }
      - tcp_zerocopy_receive: { at: buf, pages: 4, error: EINVAL }
`;

const CONTENDED = `
setup: [{ tcp_mmap: { pages: 4, as: buf } }]
threads:
  - name: receiver
    run:
      - repeat: 3000
        do: [{ tcp_zerocopy_receive: { at: buf, pages: 4 } }]
  - name: writer
    background: true
    run:
      - mprotect: { at: buf, pages: 4, prot: none }
      - mprotect: { at: buf, pages: 4, prot: r }
`;

const FAULT = `
threads:
  - name: main
    setup:
      - userfaultfd
      - mmap: { pages: 4, as: area }
      - uffd_register: { at: area, pages: 4, modes: [missing] }
    run:
      - read: { at: area }
`;

describe('an oops', () => {
  it('is where the slow path as posted uses the VMA it has not found', () => {
    const m = measure('all-builds-v2', NOWHERE);
    const { thread, ...oops } = endOf(m, 'oops');
    expect(oops).toEqual({
      kind: 'oops',
      cpus: 1,
      run: 1,
      part: 'run',
      bug: 'NULL pointer dereference',
      // Where the compiler puts vm_refcnt in a kernel with SMP: on the third cache line.
      address: '0x0000000000000080',
      field: 'vm_area_struct.vm_refcnt',
    });
    expect([thread.tid, thread.name, thread.at]).toEqual([0, 'sender', 'w.yaml:8']);
    expect(thread.trace.map(({ routine, label }) => `${routine}.${label}`)).toEqual([
      'vma_start_read_locked.read_refcnt',
      'vma_start_read_unlocked.vma_start_read_locked',
      'find_tcp_vma.lookup',
      'tcp_zerocopy_receive.find_tcp_vma',
      'getsockopt.entry_SYSCALL_64',
      'sender.run.tcp_zerocopy_receive@8',
    ]);
    expect([thread.routine, thread.label]).toEqual(['vma_start_read_locked', 'read_refcnt']);
    expect(m.performance).toEqual([]);
  });

  it('has the address of the layout of its kernel', () => {
    const layout = (options: Options) =>
      instantiate(editionNamed('all-builds-v2')!, config(options))
        .surface.structs.find(({ name }) => name === 'vm_area_struct')
        ?.fields.find(({ name }) => name === 'vm_refcnt')?.offset;
    for (const options of [SMP64, UP64]) {
      const { address } = endOf(measure('all-builds-v2', NOWHERE, [1], options), 'oops');
      expect(Number(address)).toBe(layout(options));
    }
    expect(layout(UP64)).not.toBe(layout(SMP64));
  });

  it('comes by contention alone, on the CPUs it needs, and the same again for the same seed', () => {
    const m = measure('all-builds-v2', CONTENDED, [1, 4]);
    expect(endOf(m, 'oops').cpus).toBe(4);
    expect(m.performance).toEqual([]);
    expect(JSON.stringify(measure('all-builds-v2', CONTENDED, [1, 4]))).toBe(JSON.stringify(m));
  });

  it('does not come where the VMA is looked up under the lock', () => {
    expect(measure('all-builds-v2-fixed', NOWHERE).outcome).toEqual({ kind: 'completed' });
    expect(measure('all-builds-v2-fixed', CONTENDED, [4]).performance).toHaveLength(1);
  });
});

describe('a hang', () => {
  it('tells who waits, where and for what', () => {
    const m = measure('v6.12', FAULT);
    const [thread, ...more] = endOf(m, 'hung').threads;
    expect(more).toEqual([]);
    expect(thread).toMatchObject({
      tid: 0,
      name: 'main',
      at: 'w.yaml:9',
      routine: 'handle_userfault',
      label: 'schedule',
      waits_for: { kind: 'userfault', holders: [] },
    });
    expect(thread?.waits_for.text).toMatch(
      /^the answer to a userfault at page \d+ that nobody has read$/,
    );
    expect(thread?.trace.map((t) => t.routine)).toContain('do_user_addr_fault');
    expect(m.performance).toEqual([]);
  });

  it('is found though a background thread goes on', () => {
    const threads = `${FAULT}  - name: busy\n    background: true\n    run: [{ think: { loops: 20000 } }]\n`;
    const { threads: stuck } = endOf(measure('v6.12', threads, [2]), 'hung');
    expect(stuck.map(({ name }) => name)).toEqual(['main']);
  });

  it('is none while the background answers, however slowly', () => {
    const handler = `  - name: handler
    background: true
    run:
      - uffd_wait: { as: page }
      - sleep: { ms: 2000 }
      - uffd_copy: { at: page, pages: 1 }
`;
    const threads = FAULT + handler;
    expect(measure('v6.12', threads, [1]).outcome).toEqual({ kind: 'completed' });
  });

  it('is a listed thread that waits for a signal for ever, too', () => {
    const threads = `
threads:
  - name: reader
    setup: [userfaultfd]
    run: [{ uffd_wait: { as: page } }]
  - name: other
    run: [{ think: { loops: 5 } }]
`;
    const { threads: stuck } = endOf(measure('v6.12', threads), 'hung');
    expect(stuck.map(({ name, waits_for }) => [name, waits_for.kind])).toEqual([
      ['reader', 'event'],
    ]);
  });

  it('names what holds up those who wait for a stuck thread', () => {
    const threads = `
threads:
  - name: main
    setup:
      - userfaultfd
      - mmap: { pages: 4, as: area }
      - uffd_register: { at: area, pages: 4, modes: [missing] }
    run:
      - pthread_create: { do: [{ write: { at: area } }], as: t }
      - pthread_join: { for: t }
  - name: peer
    count: 2
    run: [barrier]
`;
    // The barrier needs every listed thread, so main passes it first.
    const { threads: stuck } = endOf(
      measure(
        'v6.12',
        threads.replace('run:\n      - pthread', 'run:\n      - barrier\n      - pthread'),
      ),
      'hung',
    );
    expect(stuck.map(({ name, waits_for }) => [name, waits_for.kind, waits_for.holders])).toEqual([
      ['main', 'futex', [{ tid: 3, name: 'task 3' }]],
      ['task 3', 'userfault', []],
    ]);
  });

  it('at a barrier says so', () => {
    const threads = `${FAULT}      - barrier\n  - name: peer\n    count: 2\n    run: [barrier]\n`;
    const { threads: stuck } = endOf(measure('v6.12', threads, [1]), 'hung');
    expect(stuck.map(({ name, waits_for }) => [name, waits_for.kind])).toEqual([
      ['main', 'userfault'],
      ['peer#0', 'barrier'],
      ['peer#1', 'barrier'],
    ]);
  });

  it('in a setup is told as one, without counts', () => {
    const threads = `${FAULT.replace('    run:\n', '')}    run: [{ think: { loops: 1 } }]\n`;
    const m = measure('v6.12', threads);
    expect(endOf(m, 'hung').part).toBe('setup');
    expect(Object.values(m.counters).every((n) => n === 0)).toBe(true);
  });
});

describe('a refusal', () => {
  const poison = (more = '') =>
    FAULT.replace('read: { at: area }', `uffd_poison: { at: area, pages: 1${more} }`);

  it('is unsupported where the kernel lacks the operation, and has its place', () => {
    expect(measure('v6.4', poison()).outcome).toEqual({
      kind: 'unsupported',
      cpus: 1,
      run: 1,
      part: 'run',
      op: 'uffd_poison',
      error: 'EINVAL',
      file: 'w.yaml',
      line: 9,
      column: 9,
    });
    expect(measure('v6.12', poison()).outcome.kind).toBe('completed');
  });

  it.each([
    ['v6.4', 'mseal: { at: a, pages: 1 }', 'ENOSYS', SMP64],
    ['v6.4', 'proc_map_query: { at: a }', 'ENOTTY', SMP64],
    ['v6.12', 'userfaultfd: {}', 'ENOSYS', { ...SMP64, USERFAULTFD: 'n' }],
    ['v6.12', 'prctl_set_vma_anon_name: { at: a, pages: 1 }', 'EINVAL', SMP64],
  ])('of %s: %s gives %s', (edition, statement, error, options) => {
    const threads = `
threads:
  - name: main
    run:
      - mmap: { pages: 1, as: a }
      - ${statement}
`;
    expect(measure(edition, threads, [1], options).outcome).toMatchObject({
      kind: 'unsupported',
      error,
      line: 6,
    });
  });

  it('of arguments is another thing than a missing operation', () => {
    const threads = `
threads:
  - name: main
    run:
      - mmap: { pages: 2, as: a }
      - tcp_zerocopy_receive: { at: a, pages: 1 }
`;
    expect(measure('v6.12', threads).outcome).toMatchObject({ kind: 'refused', error: 'EINVAL' });
  });

  it('is a result like any other where the statement expects it', () => {
    const m = measure('v6.4', poison(', error: EINVAL'));
    expect(m.outcome.kind).toBe('completed');
    expect(m.performance[0]?.ops_per_second).toBeGreaterThan(0);
    expect(measure('v6.4', poison(', error: [ENOSYS, ENOTTY]')).outcome.kind).toBe('unsupported');
  });
});

describe('counters', () => {
  const names = (options: Options) => {
    const m = measure(
      'v6.12',
      'threads:\n  - { name: t, run: [{ think: { loops: 1 } }] }\n',
      [1],
      options,
    );
    return [m.not_exported, Object.keys(m.counters)] as const;
  };

  it('that /proc/vmstat does not show are named', () => {
    expect(names(SMP64)[0]).toEqual([]);
    expect(names({ ...SMP64, PER_VMA_LOCK_STATS: 'n' })[0]).toEqual([
      'vma_lock_abort',
      'vma_lock_miss',
      'vma_lock_retry',
      'vma_lock_success',
    ]);
    const [hidden, counted] = names({ ...SMP64, VM_EVENT_COUNTERS: 'n' });
    expect(hidden).toEqual(counted);
  });
});
