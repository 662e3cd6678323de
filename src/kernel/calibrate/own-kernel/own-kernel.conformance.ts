import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textTable } from '../../text-table.ts';
import { loadMeasurements, shippedMeasurements } from '../index.ts';
import { boot, canBoot, ownKernel } from './own-kernel.ts';

const TREE =
  process.env.KMATRIX_LINUX_6_12 ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const FOLDER = process.env.KMATRIX_KERNELS ?? join(tmpdir(), 'kmatrix-own-kernels');
/** At least three. */
const BOOTS = Number(process.env.KMATRIX_BOOTS ?? 6);
const PASSES = 40;

/** A compiler may make it so much more or less than those whose builds were measured, for a fault. */
const OF_COMPILERS = 10;

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

const can = existsSync(join(TREE, 'mm/memory.c')) && canBoot();
if (!can)
  console.log(
    'no kernel is built and booted: a tree of 6.12, qemu-system-x86, gcc, make, flex, bison and bc are needed',
  );

test.runIf(can)(
  'what the lock adds in kernels built here is what the measurements say of others',
  { timeout: 5_400_000 },
  () => {
    const { operations } = loadMeasurements(shippedMeasurements('instructions-6.12')?.path ?? '');
    const [on, off] = [true, false].map((lock) =>
      ownKernel(TREE, join(FOLDER, lock ? 'lock' : 'no-lock'), lock),
    );
    const seeds = Array.from({ length: BOOTS }, (_, i) => i + 1);
    const boots = seeds.map((seed) => [boot(on!, seed, PASSES), boot(off!, seed, PASSES)] as const);
    const rows = [...boots[0]![0].keys()].map((name) => {
      // Rounds with a timer's tick in them are the larger ones of a pass; passes of one boot are not independent.
      const differences = boots.map(([left, right]) =>
        mean(
          left.get(name)!.map((rounds, i) => median(rounds) - median(right.get(name)![i] ?? [])),
        ),
      );
      const again = operations.find(({ workload }) => workload === name)?.again['per_vma_lock=n'];
      return { name, ...interval(differences), again: again ?? [Number.NaN, Number.NaN] };
    });
    console.log(
      textTable(
        [
          ['operation', 'lock on - off', '95%', 'measured again'],
          ...rows.map(({ name, middle, margin, again }) => [
            name,
            middle.toFixed(1),
            `+- ${margin.toFixed(1)}`,
            `${again[0]} to ${again[1]}`,
          ]),
        ],
        1,
      ),
    );
    for (const { name, middle, margin, again } of rows) {
      const room = margin + (name.startsWith('anon') ? OF_COMPILERS : 0);
      expect(middle + room, name).toBeGreaterThanOrEqual(again[0]);
      expect(middle - room, name).toBeLessThanOrEqual(again[1]);
      // Enough boots to tell from none what a measurement of one boot had.
      expect(margin, name).toBeLessThan(37);
    }
  },
);
