import { QUESTION_WORDS } from '../../kernel/index.ts';
import {
  DIALECT,
  figure,
  flag,
  list,
  map,
  natural,
  nullable,
  object,
  oneOf,
  type Schema,
  text,
} from './dialect.ts';

const wordsOf = (table: Readonly<Record<string, string>>): Schema => oneOf(...Object.keys(table));

const threads = list(natural, 'Threads, counted from 0');
const state = object(
  {
    mms: list(
      object({
        name: text,
        mmap_lock: text,
        held_by: threads,
        mm_lock_seq: nullable({ type: 'integer' }),
      }),
    ),
    vmas: list(
      object({
        name: text,
        attached: nullable(object({ mm: text, pages: list(natural) })),
        free: flag,
        lock: text,
        vm_lock_seq: nullable({ type: 'integer' }),
        vm_refcnt: nullable({ type: 'integer' }),
        held_by: threads,
      }),
    ),
    asleep: threads,
  },
  'Locks and VMAs after the step; absent where they are as before it',
);

const step = object(
  {
    thread: natural,
    name: text,
    routine: text,
    label: text,
    accesses: list(object({ word: text, wrote: flag, before: figure, after: figure })),
    shared: flag,
    locks: text,
    state,
  },
  undefined,
  ['state'],
);

const verdict = {
  edition: text,
  question: object(
    {
      lookup: wordsOf(QUESTION_WORDS.lookup),
      property: wordsOf(QUESTION_WORDS.property),
      fairness: wordsOf(QUESTION_WORDS.fairness),
      queue: wordsOf(QUESTION_WORDS.queue),
      readers: natural,
      writers: natural,
      vmas: natural,
      ops: { description: 'Operations of each writer, or "forever"' },
      lookups: natural,
      write: wordsOf(QUESTION_WORDS.write),
      holding: wordsOf(QUESTION_WORDS.holding),
      mutate: text,
      spin: flag,
      reduce: flag,
    },
    undefined,
    ['mutate'],
  ),
  verdict: oneOf('holds', 'violated', 'undecided'),
  property: wordsOf(QUESTION_WORDS.property),
  fairness: wordsOf(QUESTION_WORDS.fairness),
  what: text,
  assumptions: list(text),
  states: natural,
  transitions: natural,
  depth: natural,
  retryBound: { description: 'A number, "unbounded", or null where it was not asked' },
  loops: list(object({ routine: text, from: text, to: text, bound: nullable(natural) })),
  trace: nullable(
    object(
      {
        threads: list(text),
        steps: list(step),
        files: map(text, 'Source files of the kernel functions passed, by name'),
        cycleFrom: natural,
        what: text,
      },
      undefined,
      ['files', 'cycleFrom'],
    ),
  ),
};

/** A verdict as a report keeps it. */
export const reportVerdictSchema: Schema = object(verdict);

/** JSON Schema of what `kmatrix verify` prints. */
export const verdictSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix verdict',
  ...object({ schemaVersion: natural, seconds: figure, ...verdict }),
};

/** JSON Schema of what `kmatrix verify --all` prints. */
export const verdictsSchema: Schema = {
  $schema: DIALECT,
  title: 'kmatrix verify --all',
  ...object({
    schemaVersion: { const: 1 },
    groups: list(
      object({
        title: text,
        verdicts: list(object({ schemaVersion: natural, seconds: figure, ...verdict })),
      }),
    ),
  }),
};
