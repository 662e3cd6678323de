import { describe, expect, test } from 'vitest';
import { editionNamed } from './editions/index.ts';
import { instantiate, type Kernel } from './model/kernel.ts';
import { countOnly, simulate } from './simulate.ts';
import { readWorkload } from './workloads/index.ts';

function kernel(edition: string, ...on: string[]): Kernel {
  const found = editionNamed(edition);
  if (found === undefined) throw new RangeError(edition);
  const set = new Set(['MMU', ...on]);
  return instantiate(found, { get: (name) => (set.has(name) ? 'y' : '') });
}

const SMP = ['SMP', 'RWSEM_SPIN_ON_OWNER', 'PER_VMA_LOCK_STATS'];
const withLock = kernel('v7.0', 'PER_VMA_LOCK', ...SMP);
const without = kernel('v7.0', ...SMP);
const uniprocessor = kernel('v7.0');

const run = (k: Kernel, workload: string, cpus: number[], runs = 1, seed = 1) =>
  simulate(k, workload, {
    cpus,
    runs,
    seed,
  });

describe('a measurement', () => {
  test('is the same byte for byte for the same seed, and differs for another', () => {
    const one = JSON.stringify(run(without, 'page_fault1', [4], 2, 7));
    expect(JSON.stringify(run(without, 'page_fault1', [4], 2, 7))).toBe(one);
    expect(JSON.stringify(run(without, 'page_fault1', [4], 2, 8))).not.toBe(one);
  });

  test('tells of the locks: writers spin one behind the other, sleepers are woken in batches', () => {
    const at = (k: Kernel, workload: string) => run(k, workload, [1, 4]).locks;
    const find = (all: ReturnType<typeof at>, cpus: number, lock: string, mode: string) =>
      all.find((l) => l.cpus === cpus)?.locks.find((l) => l.lock === lock && l.mode === mode);
    const writers = at(withLock, 'mmap_munmap');
    expect(find(writers, 1, 'mm.mmap_lock', 'write')).toMatchObject({ contended: 0, spun: 0 });
    const contended = find(writers, 4, 'mm.mmap_lock', 'write');
    expect(contended?.spun).toBeGreaterThan(0.9 * (contended?.acquisitions ?? Number.NaN));
    // All four wait in one queue, so a wait is as long as the three before hold it, and more.
    expect(contended?.wait_ns.mean).toBeGreaterThan(2 * (contended?.hold_ns.mean ?? Number.NaN));
    const faults = find(at(without, 'page_fault1'), 4, 'mm.mmap_lock', 'read');
    expect(faults?.contended).toBeGreaterThan(0);
    expect(faults?.reader_batches.max).toBeGreaterThan(1);
  });

  test('has its figures in order', () => {
    const m = run(without, 'page_fault1', [2, 4], 3);
    expect(m.performance.map((p) => p.cpus)).toEqual([2, 4]);
    for (const p of m.performance) {
      expect(p.runs).toBe(3);
      expect(p.min).toBeLessThanOrEqual(p.ops_per_second);
      expect(p.ops_per_second).toBeLessThanOrEqual(p.max);
      expect(p.spread).toBeCloseTo((p.max - p.min) / p.ops_per_second, 12);
      expect(p.p50_ns).toBeLessThanOrEqual(p.p99_ns);
    }
    expect(Object.keys(m.config)).toEqual([...Object.keys(m.config)].sort());
    expect(m.counters.pgfault).toBe(2 * 8 * 512);
  });

  test('of a uniprocessor kernel is for one CPU, and counts what one CPU does', () => {
    const m = run(uniprocessor, 'page_fault1', [2, 4]);
    expect(m.performance.map((p) => p.cpus)).toEqual([1]);
    expect(m.counters.pgfault).toBe(8 * 512);
  });

  test('tells the ways mmap_lock was taken, which add up to how often', () => {
    const of = (k: Kernel, name: string) => {
      const { mmap_lock, mmap_lock_by: by } = countOnly(k.build, name);
      const sum = (...ways: string[]) => ways.reduce((n, way) => n + (by[way] as number), 0);
      expect(sum('read', 'read_trylock', 'read_killable', 'downgrade')).toBe(
        mmap_lock.read_acquired,
      );
      expect(sum('write', 'write_killable')).toBe(mmap_lock.write_acquired);
      return by;
    };
    // lock_mm_and_find_vma tries; mmap_region's callers can be killed, munmap downgrades; /proc/PID/maps waits killably.
    expect(of(without, 'anon_w_fresh_1000')).toMatchObject({ read_trylock: 1000, read: 0 });
    expect(of(withLock, 'anon_r_fresh_1000')).toMatchObject({ read_trylock: 0, read: 0 });
    expect(of(withLock, 'mmap_munmap_1000')).toMatchObject({
      write: 0,
      write_killable: 2000,
      downgrade: 1000,
    });
    const withProc = kernel('v7.0', 'PROC_FS', ...SMP);
    expect(of(withProc, 'proc_maps_10').read_killable).toBeGreaterThanOrEqual(10);
  });

  test('counts the same with and without time where no thread disturbs another', () => {
    for (const name of [
      'anon_w_fresh_1000',
      'mprotect_split_merge_100',
      'mmap_fixed_replace_100',
    ]) {
      const timed = run(withLock, name, [1]);
      const plain = countOnly(withLock.build, name);
      expect(timed.counters).toEqual(plain.counters);
      expect(timed.mmap_lock).toEqual(plain.mmap_lock);
      expect(timed.vma_write_locks).toBe(plain.vma_write_locks);
    }
  });

  test('tells how far it is, and stops when asked', () => {
    const seen: number[] = [];
    const abort = new AbortController();
    const go = () =>
      simulate(without, 'page_fault1', {
        cpus: [1, 2],
        runs: 2,
        seed: 1,
        signal: abort.signal,
        onProgress: ({ done, total }) => {
          expect(total).toBe(4);
          seen.push(done);
          if (done === 2) abort.abort();
        },
      });
    expect(go).toThrow(/abort/i);
    expect(seen).toEqual([1, 2]);
  });
});

describe('what the model is for', () => {
  const throughput = (k: Kernel, workload: string) =>
    run(k, workload, [1, 8]).performance.map((p) => p.ops_per_second) as [number, number];

  test('threads of one process fault side by side with per-VMA locks, and queue without', () => {
    const [on1, on8] = throughput(withLock, 'page_fault1');
    const [off1, off8] = throughput(without, 'page_fault1');
    expect(on8 / on1).toBeGreaterThan(3.5);
    expect(off8 / off1).toBeLessThan(3);
    expect(on1 / off1).toBeGreaterThan(0.9);
    expect(on1 / off1).toBeLessThan(1.1);
  });

  test('eight processes are hardly in the way of each other, with or without', () => {
    for (const k of [withLock, without]) {
      const [one, eight] = throughput(k, 'page_fault1_processes');
      expect(eight / one).toBeGreaterThan(7.5);
    }
  });

  test('threads that outnumber the CPUs all finish', () => {
    const text =
      'name: many\nthreads:\n  - name: t\n    count: 13\n    run:\n      - repeat: 20\n        do: [{mmap: {pages: 4, as: b}}, {write: {at: b, pages: 4}}, {munmap: {at: b, pages: 4}}]\n';
    const workload = readWorkload(text, 'many.yaml');
    for (const k of [withLock, without]) {
      const m = simulate(k, workload, {
        cpus: [1, 3],
        runs: 1,
        seed: 1,
      });
      expect(m.counters.pgfault).toBe(13 * 20 * 4);
    }
  });
});
