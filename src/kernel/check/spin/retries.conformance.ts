import { afterAll, describe, it } from 'vitest';
import { editionNamed } from '../../editions/index.ts';
import type { Lookup } from '../../lookup-variants.ts';
import type { Edition } from '../../model/index.ts';
import { type Question, type Verdict, verify, type Write } from '../index.ts';
import { BASE, CONFIG } from '../question.test-util.ts';
import { Pans } from './pans.test-util.ts';
import { type Loop, promela } from './promela/model.test-util.ts';
import type { Generation } from './promela/vma-lock.test-util.ts';
import { haveSpin } from './run-spin.test-util.ts';

const FOREVER = Number.POSITIVE_INFINITY;

/** Where the checker's model jumps back in each loop. */
const JUMPS: Record<Loop, RegExp> = {
  goto: /^lock_vma_under_rcu_wait retry$/,
  miss: /^lock_vma_under_rcu miss$/,
  exchange: /^(vma_start_read inc_not_zero_limited|down_read_trylock try_cmpxchg)$/,
};
const LOOPS: [Generation, Lookup, Write, Loop][] = [
  ['7.0', 'wait', 'modify', 'goto'],
  ['7.0', 'wait', 'unmap', 'goto'],
  ['7.0', 'wait', 'reuse', 'goto'],
  ['7.0', 'wait', 'unmap', 'miss'],
  ['7.0', 'unlocked', 'modify', 'miss'],
  ['7.0', 'unlocked', 'unmap', 'miss'],
  ['7.0', 'unlocked', 'reuse', 'miss'],
  ['7.0', 'classic', 'modify', 'exchange'],
  ['7.0', 'classic', 'split', 'miss'],
  ['6.15', 'classic', 'unmap', 'miss'],
  ['6.12', 'wait', 'modify', 'goto'],
  ['6.12', 'unlocked', 'unmap', 'miss'],
  ['6.12', 'classic', 'modify', 'exchange'],
  ['6.6', 'wait', 'unmap', 'goto'],
];
/**
 * Numbers of changes that are asked about. VMAs that wait for a grace period come back in so many orders that writers which never stop mapping make
 * millions of states.
 */
const changes = (generation: Generation, write: Write): number[] =>
  write === 'modify' || generation === '7.0' || generation === '6.15'
    ? [1, 2, 3, FOREVER]
    : [1, 2, 3];

describe.skipIf(!haveSpin()).concurrent('the most retries are those that SPIN finds', () => {
  const pans = new Pans();
  const table: string[] = [];

  afterAll(async () => {
    console.log(`passes of a loop in one lookup, for 1, 2, 3 and more and more changes`);
    for (const row of table.sort()) console.log(row);
    await pans.remove();
  });

  it.for(LOOPS)('%s %s %s: %s', async ([generation, lookup, write, loop], { expect }) => {
    const edition = editionNamed(`v${generation}`) as Edition;
    const bounds: number[] = [];
    for (const ops of changes(generation, write)) {
      const q: Question = { ...BASE, lookup, write, ops, property: 'retries' };
      const bound = boundOf(verify(edition, CONFIG, q), JUMPS[loop]);
      expect(bound).not.toBeNaN();
      bounds.push(bound);
      if (bound === FOREVER) {
        const pan = await pans.get(promela(generation, q, { loop, asks: 'for ever' }), true);
        expect((await pan.run('cycle', ops)).verdict).toBe('violated');
        continue;
      }
      const pan = await pans.get(promela(generation, q, { loop, asks: 'how often' }), false);
      expect((await pan.run('assertion', ops, bound)).verdict).toBe('holds');
      if (bound === 0) continue;
      expect((await pan.run('assertion', ops, bound - 1)).verdict).toBe('violated');
    }
    const shown = bounds.map((b) => (b === FOREVER ? 'unbounded' : b)).join(', ');
    table.push(`${generation} ${lookup}, ${write}, ${loop}: ${shown}`);
  });
});

/** How often a jump is made at most. */
function boundOf({ verdict, loops }: Verdict, jump: RegExp): number {
  if (verdict === 'undecided') return Number.NaN;
  const own = loops.find(({ routine, from }) => jump.test(`${routine} ${from}`));
  return own === undefined ? 0 : (own.bound ?? FOREVER);
}
