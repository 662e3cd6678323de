import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packagePath } from '../input/index.ts';
import { type ShardResult, shardsOf, type TortureCell } from '../kernel/index.ts';
import { shardStore } from './torture-service.ts';

const dir = mkdtempSync(join(tmpdir(), 'torture-service-'));
afterAll(() => rmSync(dir, { recursive: true }));

test('a profile is read once for all pieces of a cell, and anew for another run', () => {
  const profile = join(dir, 'own.json');
  const shipped = readFileSync(packagePath('src/kernel/timed/profiles/server.json'), 'utf8');
  writeFileSync(profile, shipped);
  const cell = { profile, lookups: 300_000, seed: 1, steps: 1e9 } as TortureCell;
  const [one, two] = shardsOf(cell);
  const store = shardStore(dir);
  const result = { outcome: 'completed' } as ShardResult;
  store.put(cell, one!, result);
  rmSync(profile);
  expect(store.get(cell, one!)).toEqual(result);
  expect(store.get(cell, two!)).toBeUndefined();
  writeFileSync(profile, shipped.replace(/"step": [\d.]+/, '"step": 123'));
  expect(store.get({ ...cell }, one!)).toBeUndefined();
  writeFileSync(profile, shipped);
  expect(store.get({ ...cell }, one!)).toEqual(result);
});
