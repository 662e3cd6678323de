import { beforeAll, expect, test } from 'vitest';
import { packagePath } from '../input/index.ts';
import { fakeStage } from './fake-stage.test-util.ts';
import {
  type MatrixResult,
  type OptionSource,
  readMatrixFile,
  runMatrixWith,
  shippedOptions,
  treeOptions,
} from './index.ts';
import { linux612 } from './kernel-tree.test-util.ts';

/** The shipped matrix on the shipped option sets and on a real tree: what both know must come out alike. */
let shipped: MatrixResult;
let real: MatrixResult;

beforeAll(async () => {
  const file = { ...readMatrixFile(packagePath('matrices', 'per-vma-lock.yaml')), workloads: [] };
  const run = (source: OptionSource): Promise<MatrixResult> =>
    runMatrixWith(fakeStage, file, { source });
  shipped = await run(shippedOptions());
  real = await run(treeOptions(linux612()));
});

const statusOf = (result: MatrixResult, edition: string): string[] =>
  result.cells
    .filter((cell) => cell.spec.edition === edition)
    .map((cell) => `${cell.spec.id} ${cell.status}`);

test('6.12: the same cells are accepted, and every shown option has the same value', () => {
  expect(statusOf(real, 'v6.12')).toEqual(statusOf(shipped, 'v6.12'));
  shipped.cells.forEach((cell, i) => {
    if (cell.spec.edition !== 'v6.12') return;
    const other = real.cells[i]!;
    expect(other.options.map(({ symbol, value }) => `${symbol}=${value}`)).toEqual(
      cell.options.map(({ symbol, value }) => `${symbol}=${value}`),
    );
    expect(other.notes).toEqual(cell.notes);
    expect(other.kconfig).toMatch(/ \(Linux 6\.12\.\d+\)$/);
  });
});

test('7.0 with the options of 6.12: the same cells, with a note', () => {
  expect(statusOf(real, 'v7.0')).toEqual(statusOf(shipped, 'v7.0'));
  for (const cell of real.cells) {
    if (cell.spec.edition === 'v6.12') continue;
    expect(cell.notes[0]).toMatch(
      /^the options are those of Linux 6\.12\.\d+, but the edition \S+ describes Linux 7\.0$/,
    );
  }
});

test('a refusal names the file and line of the real tree', () => {
  const cell = real.cells.find((c) => c.spec.id === 'v7.0:64BIT=n,SMP=y,X86_USER_SHADOW_STACK=y')!;
  expect(cell.refusals[0]!.reason).toMatch(
    /^its prompt \(arch\/x86\/Kconfig:\d+\) is not visible: .*X86_64 is n$/,
  );
});
