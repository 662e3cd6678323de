import { expect, it } from 'vitest';
import { PUBLISHED } from '../kernel/index.ts';
import { golden } from './golden.test-util.ts';
import { checkSchema, publishedCsv, publishedMarkdown, publishedSchema } from './index.ts';
import { type Published, sensitivityData } from './published.ts';

const [first, second] = PUBLISHED as readonly [(typeof PUBLISHED)[0], (typeof PUBLISHED)[0]];
const found = (headline: number, least: number) => ({
  headline,
  chance: { draws: 25, least: headline * 0.99, greatest: headline * 1.01, deviation: 0.004 },
  swings: [
    { cost: 'line.dirty_local', less: least, more: headline * 1.1, draws: 3, told: true },
    { cost: 'atomic', less: headline * 1.04, more: headline * 0.98, draws: 3, told: true },
    { cost: 'work.rmap', less: headline, more: headline * 1.001, draws: 3, told: false },
  ],
  least,
  greatest: headline * 1.1,
  allLeast: least * 0.9,
  allGreatest: headline * 1.2,
});
const modelled = { valueBefore: 1000, valueAfter: 1200 };
const cost = { what: 'fault', unit: 'ns' as const, without: 1000, with: 1010, spread: 0.01 };
const published: Published = {
  published: [
    { ...first, ...modelled, modelled: 1.21, sensitivity: sensitivityData(found(1.2, 0.95), true) },
    { ...second, ...modelled, modelled: 1.3, sensitivity: sensitivityData(found(1.3, 1.2), true) },
  ],
  not_modelled: {},
  uniprocessor: [
    { ...cost, sensitivity: sensitivityData({ ...found(1.004, 1), swings: [] }, true) },
    { what: 'vm_area_struct', unit: 'bytes', without: 144, with: 160, spread: 0 },
  ],
};
const without: Published = {
  ...published,
  published: published.published.map(({ sensitivity: _, ...row }) => row),
  uniprocessor: [cost],
};

it('published figures and what they hang on, as text and as a table', async () => {
  expect(checkSchema(publishedSchema, JSON.parse(JSON.stringify(published)))).toBeUndefined();
  await expect(publishedMarkdown(published)).toMatchFileSnapshot(golden('published.md'));
  await expect(publishedCsv(published)).toMatchFileSnapshot(golden('published.csv'));
});

it('the same where nobody asked what they hang on', () => {
  expect(checkSchema(publishedSchema, JSON.parse(JSON.stringify(without)))).toBeUndefined();
  expect(publishedMarkdown(without)).not.toContain('30%');
  expect(publishedCsv(without).split('\n')).toEqual([
    'headline,published,modelled',
    expect.stringContaining(',1.21'),
    expect.stringContaining(',1.3'),
    '"one CPU, lock in all builds: fault (ns)",,1.01',
    '',
  ]);
});
