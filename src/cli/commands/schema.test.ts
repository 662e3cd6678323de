import { expect, it } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { checkSchema, type Schema } from '../../report/index.ts';
import { run } from '../test-io.test-util.ts';

const cwd = packagePath('src', 'tree', 'testdata');

const TORTURE = '--lookup wait --adversary mprotect --writers 1 --lookups 20 --no-cache';

it.each([
  ['why', 'why PER_VMA_LOCK --set SMP=n'],
  ['why', 'why PER_VMA_LOCK --set SMP=n --want y'],
  ['why', 'why PER_VMA_LOCK --set SMP=n --want y --keep SMP'],
  ['why', 'resolve --set PER_VMA_LOCK=y --set SMP=n --symbol PER_VMA_LOCK'],
  ['options', 'resolve --set SMP=n'],
  ['torture', `torture ${TORTURE}`],
  ['verdict', 'verify --lookup classic --property safety'],
  [
    'matrix-changes',
    'surface --tree small-kernel --patch small-series.mbox --matrix small-kernel/matrix.yaml --no-cache --jobs 1',
  ],
  ['surface', 'surface --tree small-kernel --left SMP=y --right SMP=n --no-cache --jobs 1'],
])('the schema of %s holds for what "%s" prints', async (name, line) => {
  const schema = JSON.parse((await run(['schema', name], { cwd })).out) as Schema;
  const { out } = await run([...line.split(' '), '--format', 'json'], { cwd });
  expect(checkSchema(schema, JSON.parse(out))).toBeUndefined();
  expect(checkSchema(schema, 'something else')).toBeDefined();
});
