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
const BOOTS = Number(process.env.KMATRIX_BOOTS ?? 3);
const PASSES = 40;

/** A compiler may make it so much more or less than those whose builds were measured, for a fault. */
const OF_COMPILERS = 10;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;

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
      // Rounds with a timer's tick in them are the larger ones.
      const differences = boots.map(
        ([left, right]) => median(left.get(name)!.flat()) - median(right.get(name)!.flat()),
      );
      const again = operations.find(({ workload }) => workload === name)?.again['per_vma_lock=n'];
      return { name, differences, again: again ?? [Number.NaN, Number.NaN] };
    });
    console.log(
      textTable(
        [
          ['operation', 'lock on - off, by boot', 'measured again'],
          ...rows.map(({ name, differences, again }) => [
            name,
            differences.map((one) => one.toFixed(1)).join(' '),
            `${again[0]} to ${again[1]}`,
          ]),
        ],
        1,
      ),
    );
    for (const { name, differences, again } of rows) {
      const room = name.startsWith('anon') ? OF_COMPILERS : 0;
      expect(median(differences), name).toBeGreaterThanOrEqual(again[0] - room);
      expect(median(differences), name).toBeLessThanOrEqual(again[1] + room);
    }
  },
);
