/** Questions that both the checker and SPIN are asked. */
import type { Lookup } from '../../lookup-variants.ts';
import { type Question, WRITES, type Write } from '../index.ts';
import { BASE } from '../question.test-util.ts';
import type { Generation } from './promela/vma-lock.test-util.ts';

export interface Asked {
  readonly generation: Generation;
  readonly q: Question;
}

const FOREVER = Number.POSITIVE_INFINITY;
const GENERATIONS: Generation[] = ['6.4', '6.6', '6.12', '6.15', '7.0'];
/** The newest of each kind of lock. */
const NEWEST: Generation[] = ['6.12', '7.0'];
// Pages are no part of the Promela models, and a pageout changes nothing else.
const LOCAL = (Object.keys(WRITES) as Write[]).filter(
  (write) => write !== 'remote' && write !== 'pageout',
);
const WAITING: Lookup[] = ['wait', 'wait-killable', 'unlocked', 'unlocked-killable'];

/** Questions about safety, deadlock, progress and killability: same models next to each other. */
export function questions(): Asked[] {
  const all: Asked[] = [];
  const ask = (generation: Generation, q: Partial<Question>) =>
    all.push({ generation, q: { ...BASE, maxStates: 2_000_000, ...q } });
  const both = (generation: Generation, q: Partial<Question>, ops: readonly number[] = [2]) => {
    for (const k of ops) {
      for (const property of ['safety', 'deadlock'] as const) {
        ask(generation, { ...q, ops: k, property });
      }
    }
  };
  // Every design against every writer.
  for (const generation of GENERATIONS) {
    for (const write of LOCAL) both(generation, { write }, [1, 2, 3]);
  }
  for (const generation of NEWEST) {
    for (const lookup of ['wait', 'unlocked', 'mmap_lock'] as const) {
      for (const write of ['reuse', 'unmap'] as const) both(generation, { lookup, write });
    }
    ask(generation, { lookup: 'unlocked-as-posted' });
    for (const lookup of ['classic', 'mmap_lock', ...WAITING] as const) {
      ask(generation, { lookup, property: 'killable' });
      // What the caller holds already.
      ask(generation, { lookup, property: 'deadlock', holding: 'vma', write: 'unmap' });
    }
    // More of everything.
    both(generation, { readers: 2 }, [1]);
    both(generation, { lookup: 'unlocked', write: 'unmap', readers: 2 }, [1]);
    both(generation, { readers: 2, vmas: 2, write: 'unmap' }, [1]);
    both(generation, { writers: 2, write: 'split' }, [1]);
    both(generation, { lookups: 2, write: 'reuse' });
  }
  for (const lookup of ['classic', 'mmap_lock', ...WAITING] as const) {
    ask('7.0', { lookup, property: 'deadlock', holding: 'mmap_lock', write: 'unmap' });
  }
  both('7.0', { writers: 2, write: 'remote' }, [1, 2]);
  // Writers that never end; and a lock that is handed to nobody.
  for (const lookup of ['classic', 'wait', 'unlocked', 'mmap_lock'] as const) {
    const progress = { lookup, property: 'progress', ops: FOREVER } as const;
    for (const write of LOCAL) ask('7.0', { ...progress, write });
    for (const fairness of ['weak', 'none'] as const) {
      ask('7.0', { ...progress, queue: 'stealing', fairness });
    }
    ask('6.12', progress);
    // Up to 6.6 the lookup refuses a VMA that was mapped anew and not touched, for ever.
    ask('6.6', { ...progress, write: 'unmap', ops: 2 });
  }
  for (const { generation, mutate, ...q } of DROPPED) {
    ask(generation, { write: 'unmap', ...q, mutate });
  }
  return all;
}

/** Each safeguard left out, where it is noticed and where it is not. */
const DROPPED: (Partial<Question> & { generation: Generation; mutate: string })[] = [
  ...NEWEST.flatMap((generation) => [
    { generation, mutate: 'no-sequence-recheck' },
    { generation, mutate: 'no-first-look' },
    { generation, mutate: 'no-first-look', property: 'deadlock' as const },
    { generation, mutate: 'no-writer-wait' },
    { generation, mutate: 'no-range-check' },
    { generation, mutate: 'no-range-check', write: 'split' as const },
    { generation, mutate: 'no-rcu' },
    { generation, mutate: 'no-rwsem-wake-up', property: 'deadlock' as const },
  ]),
  { generation: '7.0', mutate: 'no-detach-wait' },
  { generation: '7.0', mutate: 'no-wake-up', property: 'deadlock', write: 'modify' },
  { generation: '7.0', mutate: 'no-mm-check', writers: 2, write: 'remote', ops: 1 },
  { generation: '6.15', mutate: 'no-mm-check', writers: 2, write: 'remote', ops: 1 },
  { generation: '6.12', mutate: 'no-detached-check' },
];

/** What a question is called in a list of tests. */
export function nameOf({ generation, q }: Asked): string {
  const { property, lookup, readers, writers, ops, write } = q;
  return [
    generation,
    property,
    lookup,
    `${readers}r${writers}w`,
    `${write}x${ops}`,
    ...(q.vmas > 1 ? [`${q.vmas} VMAs`] : []),
    ...(q.lookups > 1 ? [`${q.lookups} lookups`] : []),
    ...(q.holding === 'nothing' ? [] : [`holding ${q.holding}`]),
    ...(q.queue === 'handoff' ? [] : [q.queue]),
    ...(q.fairness === 'weak' ? [] : [`fairness ${q.fairness}`]),
    ...(q.mutate === undefined ? [] : [q.mutate]),
  ].join(' ');
}
