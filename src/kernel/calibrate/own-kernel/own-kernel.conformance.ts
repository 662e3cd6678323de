import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { packagePath } from '../../../input/index.ts';
import { instantiate } from '../../model/index.ts';
import { simulate } from '../../simulate.ts';
import { textTable } from '../../text-table.ts';
import { loadProfile } from '../../timed/index.ts';
import { readWorkload, type Workload } from '../../workloads/index.ts';
import { loadMeasurements, shippedMeasurements } from '../index.ts';
import { boot, canBoot, type OwnKernel, optionsOf, ownKernel, symbolsOf } from './own-kernel.ts';

const TREE =
  process.env.KMATRIX_LINUX_6_12 ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const FOLDER = process.env.KMATRIX_KERNELS ?? join(tmpdir(), 'kmatrix-own-kernels');
/** At least three. */
const BOOTS = Number(process.env.KMATRIX_BOOTS ?? 6);
const PASSES = 40;

/** How much more or less a fault's way through the tree of VMAs may take than where the measured process had it. */
const OF_PLACES = 6;

const ON = 'per_vma_lock=y';
const OFF = 'per_vma_lock=n';

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** The 97.5th percentile of Student's distribution, by its expansion around that of the normal one (Abramowitz and Stegun, 26.7.5). */
const student = (degrees: number): number => 1.96 + 2.372 / degrees + 2.823 / degrees ** 2;

/** The mean of some numbers, and how far from it that of all such lies, with 95%. */
function interval(numbers: readonly number[]): { middle: number; margin: number } {
  const n = numbers.length;
  const middle = mean(numbers);
  const squares = numbers.reduce((sum, one) => sum + (one - middle) ** 2, 0);
  return { middle, margin: student(n - 1) * Math.sqrt(squares / (n - 1) / n) };
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(1)}`;

const can = existsSync(join(TREE, 'mm/memory.c')) && canBoot();
if (!can)
  console.log(
    'no kernel is built and booted: a tree of 6.12, qemu-system-x86, gcc, make, flex, bison and bc are needed',
  );

const shipped = shippedMeasurements('instructions-6.12');
const measurements = loadMeasurements(shipped?.path ?? '');

const built = () =>
  [true, false].map((lock) => ownKernel(TREE, join(FOLDER, lock ? 'lock' : 'no-lock'), lock));

/** Two objects of the kernels measured tell the lock by what their compiler put out of line. */
test.runIf(can)(
  'kernels built here have what tells those measured apart',
  { timeout: 5_400_000 },
  () => {
    const [on, off] = built().map((kernel) => symbolsOf(kernel, 'mm/userfaultfd.o'));
    for (const name of ['userfaultfd_set_ctx', 'uffd_lock_vma', 'lock_vma_under_rcu']) {
      expect([on!.has(name), off!.has(name)], name).toEqual([true, false]);
    }
    expect([on!.has('mmap_read_unlock'), off!.has('mmap_read_unlock')]).toEqual([false, true]);
  },
);

test.runIf(can)(
  'what the lock adds in kernels built here is what was measured',
  { timeout: 5_400_000 },
  () => {
    const [on, off] = built();
    const seeds = Array.from({ length: BOOTS }, (_, i) => i + 1);
    const boots = seeds.map((seed) => [boot(on!, seed, PASSES), boot(off!, seed, PASSES)] as const);
    const rows = [...boots[0]![0].keys()].map((name) => {
      // Rounds with a timer's tick in them are the larger ones of a pass; passes of one boot are not independent.
      const differences = boots.map(([left, right]) =>
        mean(
          left.get(name)!.map((rounds, i) => median(rounds) - median(right.get(name)![i] ?? [])),
        ),
      );
      const once = Math.min(...boots[0]![0].get(name)!.flat());
      const operation = measurements.operations.find(({ workload }) => workload === name);
      const measured = (operation?.values[ON] ?? 0) - (operation?.values[OFF] ?? 0);
      return { name, once, ...interval(differences), measured, again: operation?.again[OFF] };
    });
    console.log(
      textTable(
        [
          ['operation', 'instructions', 'lock on - off', '95%', 'measured', 'measured again'],
          ...rows.map(({ name, once, middle, margin, measured, again }) => [
            name,
            once.toFixed(1),
            signed(middle),
            `+- ${margin.toFixed(1)}`,
            signed(measured),
            again === undefined ? '' : `${again[0]} to ${again[1]}`,
          ]),
        ],
        1,
      ),
    );
    for (const { name, once, middle, margin, measured, again } of rows) {
      if (name === 'getppid') expect(once).toBeCloseTo(197, 0);
      const [low, high] = again ?? [measured - OF_PLACES, measured + OF_PLACES];
      expect(middle + margin, name).toBeGreaterThanOrEqual(low);
      expect(middle - margin, name).toBeLessThanOrEqual(high);
      // Enough boots to tell from none what a measurement of one boot had.
      expect(margin, name).toBeLessThan(37);
    }
    // All three look at VM_FAULT_RETRY; what the others add to that are the spills the first estimates have.
    const added = (name: string): number =>
      (rows.find((row) => row.name === name)?.middle ?? Number.NaN) -
      (rows.find((row) => row.name === 'anon_write_fault')?.middle ?? Number.NaN);
    const { work } = loadProfile(shipped?.estimates);
    expect(added('anon_write_after_read')).toBeCloseTo(work.wp_copy_spill, 0);
    expect(added('memfd_private_write_fault')).toBeCloseTo(work.cow_fault_spill, 0);
  },
);

/** Workloads no price was fitted to, in per cent of what they take: how far the model may be off. */
const ALLOWED = 15;
/** What these take hangs on whether a leaf of the tree of VMAs ends where they map: each call then makes two leaves of one, or one of two. */
const AT_A_LEAF = ['uffd_register_unregister_100', 'mmap_adjacent_touch_100'];

/** A workload all of which is one operation. */
function asOne(name: string): Workload {
  const file = ['truth', 'derived']
    .map((folder) => packagePath('src', 'kernel', 'workloads', folder, `${name}.yaml`))
    .find((path) => existsSync(path));
  const source = parse(readFileSync(file ?? '', 'utf8'));
  const [main] = source.threads;
  if (main.run[0].op === undefined) main.run = [{ op: main.run }];
  return readWorkload(stringify(source), name);
}

/** Instructions of a workload in the model, in the configuration a kernel was built of. */
function modelled(workload: Workload, kernel: OwnKernel): number {
  const options = optionsOf(kernel);
  const machine = instantiate(measurements.edition, { get: (name) => options.get(name) ?? 'n' });
  const { performance } = simulate(machine, workload, {
    ...{ cpus: [1], runs: 1, seed: 1, profile: 'instructions' },
  });
  return 1e9 / (performance[0]?.ops_per_second ?? 0);
}

test.runIf(can)(
  'workloads no price was fitted to take what they take in kernels built here',
  { timeout: 5_400_000 },
  () => {
    const kernels = built();
    const [on, off] = kernels.map((kernel) => boot(kernel, 1, 0));
    const rows = [...on!.entries()].map(([name, [rounds]]) => {
      const workload = asOne(name);
      const [taken, without] = [rounds!, off!.get(name)![0]!].map((all) => Math.min(...all));
      const [model, modelWithout] = kernels.map((kernel) => modelled(workload, kernel));
      const error = (model! / taken! - 1) * 100;
      return {
        ...{ name, taken: taken!, model: model!, error },
        ...{ difference: taken! - without!, modelDifference: model! - modelWithout! },
      };
    });
    console.log(
      textTable(
        [
          ['workload', 'instructions', 'model', 'error', 'lock on - off', 'model'],
          ...rows.map(({ name, taken, model, error, difference, modelDifference }) => [
            name,
            taken.toFixed(0),
            model.toFixed(0),
            `${signed(error)}%`,
            signed(difference),
            signed(modelDifference),
          ]),
        ],
        1,
      ),
    );
    for (const { name, error } of rows) {
      if (!AT_A_LEAF.includes(name)) expect(Math.abs(error), name).toBeLessThan(ALLOWED);
    }
  },
);
