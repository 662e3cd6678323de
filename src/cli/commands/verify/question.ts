import { inputError } from '../../../input/index.ts';
import {
  DEFAULT_QUESTION,
  FAIRNESSES,
  HOLDINGS,
  MUTANTS,
  PROPERTIES,
  QUEUES,
  type Question,
  SUBJECTS,
  WRITES,
} from '../../../kernel/index.ts';
import type { ParsedArguments } from '../../arguments.ts';
import type { OptionSpec } from '../../command.ts';

/** `one of: a (what it is), …` of a table of words. */
function described(words: Readonly<Record<string, string>>): string {
  return Object.entries(words)
    .map(([word, what]) => `${word}: ${what}`)
    .join('; ');
}

function choice(words: Readonly<Record<string, string>>, what: string, first: string): OptionSpec {
  const description = `${what} ${described(words)}. Default: ${first}.`;
  return { type: 'string', choices: Object.keys(words), description };
}

const number = (what: string, first: number): OptionSpec => ({
  type: 'string',
  value: 'N',
  description: `${what} Default: ${first}.`,
});

const D = DEFAULT_QUESTION;

/** Options that describe one question. */
export const questionOptions = {
  lookup: choice(SUBJECTS, 'How readers find their VMA.', D.lookup),
  property: choice(PROPERTIES, 'What is asked.', D.property),
  fairness: choice(FAIRNESSES, 'Which schedules count for progress.', D.fairness),
  queue: choice(QUEUES, 'How mmap_lock treats its queue.', D.queue),
  readers: number('Threads that look up.', D.readers),
  writers: number('Threads that change the address space.', D.writers),
  vmas: number('VMAs in question; thread i works on VMA i modulo their number.', D.vmas),
  ops: {
    type: 'string',
    value: 'K',
    description: `Operations of each writer, or "forever". Default: ${D.ops}.`,
  },
  lookups: number('Lookups of each reader.', D.lookups),
  write: choice(WRITES, 'What writers do.', D.write),
  holding: choice(HOLDINGS, 'What a reader holds already when it looks up.', D.holding),
  mutate: {
    type: 'string',
    choices: MUTANTS.map((m) => m.name),
    value: 'MUTANT',
    description: 'Leave a safeguard out of the kernel; --list-mutants names them.',
  },
  spin: {
    type: 'boolean',
    description: 'Let writers spin on mmap_lock while its owner runs (RWSEM_SPIN_ON_OWNER).',
  },
  'no-reduction': {
    type: 'boolean',
    description:
      'Interleave every step, also those that commute with all others, and tell states apart that differ in alike threads ' +
      'or in variables nobody reads again.',
  },
  'max-states': number('Give up beyond so many states, undecided.', D.maxStates),
} as const satisfies Record<string, OptionSpec>;

/** The question of a command line. */
export function questionOf(args: ParsedArguments): Question {
  const word = <T extends string>(name: string, fallback: T) => (args.text(name) as T) ?? fallback;
  const mutate = args.text('mutate');
  return checked({
    lookup: word('lookup', D.lookup),
    property: word('property', D.property),
    fairness: word('fairness', D.fairness),
    queue: word('queue', D.queue),
    readers: args.integer('readers', 1) ?? D.readers,
    writers: args.integer('writers', 0) ?? D.writers,
    vmas: args.integer('vmas', 1) ?? D.vmas,
    ops:
      args.text('ops') === 'forever' ? Number.POSITIVE_INFINITY : (args.integer('ops', 0) ?? D.ops),
    lookups: args.integer('lookups', 1) ?? D.lookups,
    write: word('write', D.write),
    holding: word('holding', D.holding),
    ...(mutate !== undefined && { mutate }),
    spin: args.has('spin'),
    reduce: !args.has('no-reduction'),
    maxStates: args.integer('max-states', 1) ?? D.maxStates,
  });
}

/** Threads a machine of the checker may have: more can neither be explored nor shown. */
const MOST_THREADS = 12;

/** @throws InputError for a question that has no sense */
export function checked(q: Question): Question {
  const wrong = (message: string, hint?: string) => inputError('usage', message, undefined, hint);
  if (q.readers + q.writers > MOST_THREADS) {
    throw wrong(`${q.readers + q.writers} threads are too many: at most ${MOST_THREADS}`);
  }
  if (q.write === 'remote' && !Number.isFinite(q.ops)) {
    throw wrong('writers of another mm have an end: --write remote needs a number of --ops');
  }
  if (q.write === 'remote' && q.writers < 2) {
    throw wrong(
      '--write remote needs two writers',
      'the first frees VMAs, the others reuse them elsewhere',
    );
  }
  if (q.property === 'killable' && q.writers < 1) {
    throw wrong('--property killable needs a writer that holds the locks');
  }
  return q;
}
