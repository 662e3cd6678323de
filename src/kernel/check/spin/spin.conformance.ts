import { describe, expect, it } from 'vitest';
import { editionNamed } from '../../editions/index.ts';
import type { Lookup } from '../../lookup-variants.ts';
import type { Edition } from '../../model/index.ts';
import { type Question, verify, type Write } from '../index.ts';
import { BASE, CONFIG } from '../question.test-util.ts';
import { haveSpin, runSpin } from './run-spin.test-util.ts';

const V7 = editionNamed('v7.0') as Edition;

const LOOKUPS: Lookup[] = [
  'classic',
  'wait',
  'wait-killable',
  'unlocked',
  'unlocked-killable',
  'mmap_lock',
];
const PLAIN: Lookup[] = ['classic', 'wait', 'unlocked', 'mmap_lock'];
const WRITES: Write[] = ['modify', 'unmap'];

/** Questions both can be asked. */
function questions(): Question[] {
  const all: Question[] = [];
  const ask = (q: Partial<Question>) => all.push({ ...BASE, ...q });
  for (const write of WRITES) {
    for (const lookup of LOOKUPS) {
      for (const holding of ['nothing', 'vma', 'mmap_lock'] as const) {
        ask({ property: 'deadlock', lookup, holding, write });
      }
    }
    for (const lookup of [...PLAIN, 'unlocked-as-posted'] as const) ask({ lookup, write });
    for (const lookup of PLAIN) {
      for (const queue of ['handoff', 'stealing'] as const) {
        ask({ property: 'progress', lookup, queue, write, ops: Number.POSITIVE_INFINITY });
      }
      ask({ lookup, write, readers: 2, ops: 1 });
    }
    ask({ write, mutate: 'no-sequence-recheck' });
    ask({ write, mutate: 'no-writer-wait' });
    ask({ write, mutate: 'no-wake-up', property: 'deadlock' });
    ask({ write, writers: 2, ops: 1 });
  }
  ask({ write: 'unmap', mutate: 'no-detach-wait' });
  for (const lookup of LOOKUPS) ask({ property: 'killable', lookup });
  return all;
}

function nameOf(q: Question): string {
  const { property, lookup, readers, writers, ops, write, holding, queue, mutate } = q;
  return [
    property,
    lookup,
    `${readers}r${writers}w${ops}`,
    write,
    holding,
    queue,
    mutate ?? '',
  ].join(' ');
}

describe.skipIf(!haveSpin())(
  'verdicts are those of SPIN on a Promela model of the same protocol',
  () => {
    it.each(questions().map((q) => [nameOf(q), q] as const))('%s', (_name, q) => {
      const ours = verify(V7, CONFIG, q);
      const theirs = runSpin(q, '-O0');
      expect(theirs.verdict).not.toBe('undecided');
      expect(ours.verdict).toBe(theirs.verdict);
      // Where all is explored, no more states than SPIN stores after its own reduction; but for progress, for which alike states are
      // not merged: there by no more than a quarter.
      const room = q.property === 'progress' ? 1.25 : 1;
      if (ours.verdict === 'holds') {
        expect.soft(ours.states).toBeLessThanOrEqual(theirs.states * room);
      }
    });
  },
);
