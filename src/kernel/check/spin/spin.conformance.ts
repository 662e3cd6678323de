import { afterAll, describe, expect, it } from 'vitest';
import { editionNamed } from '../../editions/index.ts';
import type { Edition } from '../../model/index.ts';
import { type Question, verify } from '../index.ts';
import { CONFIG } from '../question.test-util.ts';
import { Pans } from './pans.test-util.ts';
import { promela } from './promela/model.test-util.ts';
import { type Asked, nameOf, questions } from './questions.test-util.ts';
import { type Aim, haveSpin } from './run-spin.test-util.ts';

const named = (generation: string) => editionNamed(`v${generation}`) as Edition;

function aimOf({ property, fairness }: Question): Aim {
  if (property === 'safety') return 'assertion';
  if (property !== 'progress') return 'deadlock';
  return fairness === 'none' ? 'cycle' : 'fair cycle';
}

/** A line of the table that is printed in the end: all questions of a design about a property. */
interface Row {
  asked: number;
  holds: number;
  violated: number;
  same: number;
  ratios: number[];
}

describe.skipIf(!haveSpin()).concurrent('verdicts are those of SPIN on Promela models', () => {
  const pans = new Pans();
  const rows = new Map<string, Row>();

  afterAll(async () => {
    console.log(`${pans.count} models; states: ours over SPIN's, where all is explored`);
    for (const [name, { asked, holds, violated, same, ratios }] of [...rows].sort()) {
      const range = [Math.min(...ratios), Math.max(...ratios)].map((r) => r.toFixed(2)).join('-');
      const verdicts = `${holds} hold, ${violated} violated, ${same} as SPIN's`;
      console.log(`${name}: ${asked} asked, ${verdicts}${ratios.length > 0 ? `, ${range}` : ''}`);
    }
    await pans.remove();
  });

  it.for(questions().map((a) => [nameOf(a), a] as [string, Asked]))(
    '%s',
    async ([, { generation, q }], { expect }) => {
      const pan = await pans.get(promela(generation, q), q.property === 'progress');
      const theirs = await pan.run(aimOf(q), q.ops);
      const ours = verify(named(generation), CONFIG, q);
      const name = `${generation.padEnd(4)} ${q.property}${q.mutate === undefined ? '' : ', a safeguard dropped'}`;
      const row = rows.get(name) ?? { asked: 0, holds: 0, violated: 0, same: 0, ratios: [] };
      rows.set(name, row);
      row.asked++;
      if (ours.verdict === 'holds') row.holds++;
      if (ours.verdict === 'violated') row.violated++;
      if (ours.verdict === theirs.verdict) row.same++;
      expect(theirs.verdict).not.toBe('undecided');
      expect(ours.verdict).toBe(theirs.verdict);
      // Where all is explored, no more states than SPIN stores after its own reduction.
      if (ours.verdict !== 'holds') return;
      row.ratios.push(ours.states / theirs.states);
      expect.soft(ours.states).toBeLessThanOrEqual(theirs.states);
    },
  );

  it('is asked enough', () => {
    expect(new Set(questions().map(nameOf)).size).toBeGreaterThanOrEqual(150);
  });
});
