/**
 * Promela models of questions, of our own writing, from what the kernel does: a peer to compare verdicts, states and time with. They share no code with the
 * model of the checker; one step is one access that others may interleave with, as there.
 */
import type { Question } from '../../index.ts';
import { memory, memoryLocals } from './memory.test-util.ts';
import { reader } from './readers.test-util.ts';
import { SEMAPHORE_LOCALS, semaphore } from './semaphore.test-util.ts';
import { type Generation, VMA_LOCALS, vmaLock } from './vma-lock.test-util.ts';
import { holderAndKiller, writer } from './writers.test-util.ts';

/** A loop of a lookup: the walk again, the goto of the waiting helper, the compare-and-exchange. */
export type Loop = 'miss' | 'goto' | 'exchange';

/** Whether a loop is passed more often than `most` in one lookup, or for ever. */
export interface LoopQuestion {
  readonly loop: Loop;
  readonly asks: 'how often' | 'for ever';
}

/**
 * The model of a question, or of one about a loop. `pan` takes two numbers from its environment, so that it need not be compiled anew for each:
 * `OPS`, operations of each writer, and `MOST`, how often the loop in question may be passed.
 */
export function promela(generation: Generation, q: Question, about?: LoopQuestion): string {
  const { lookup } = q;
  if (lookup === 'fault') throw new RangeError('no Promela model has a fault handler');
  if (q.write === 'pageout') throw new RangeError('no Promela model has pages');
  const killable = q.property === 'killable';
  const remote = q.write === 'remote';
  const mms = remote ? 2 : 1;
  const typesafe = generation === '6.15' || generation === '7.0';
  const pages = 2 * q.vmas;
  const pool = q.vmas + 2 * q.writers + 2;
  const writers = Array.from({ length: q.writers }, (_, w) => {
    const far = remote && w > 0 ? 1 : 0;
    const page = 2 * (w % q.vmas);
    return killable ? `run holder(${far}, ${page})` : `run writer(${far}, ${page}, ${far})`;
  });
  const runs = [
    ...Array.from({ length: q.readers }, (_, r) => `run reader(0, ${2 * (r % q.vmas)})`),
    ...writers,
    ...(killable ? Array.from({ length: q.readers }, (_, r) => `run killer(${r + 1})`) : []),
  ];
  const at = (loop: Loop) => {
    if (about?.loop !== loop) return 'skip';
    if (about.asks === 'for ever') return `accept_${loop}: skip`;
    return 'd_step { passed++; assert(passed <= most) }';
  };
  const locals = `${SEMAPHORE_LOCALS} ${VMA_LOCALS} ${memoryLocals(typesafe)}`;
  const counter = about?.asks === 'how often' ? ' byte passed;' : '';
  const without = q.mutate;
  const finished = Array.from({ length: q.readers }, (_, r) => `finished[${r + 1}]`);
  const define = (name: string, value: number) => `#define ${name} ${value}`;
  return [
    define('NT', runs.length + 1),
    define('NM', mms),
    define('NV', pool + 1),
    define('NS', mms + (typesafe ? 0 : pool + 1)),
    define('PAGES', pages),
    'byte ops, most;',
    semaphore({
      handsOff: q.queue === 'handoff',
      readersWake: without !== 'no-rwsem-wake-up',
      atTrylockAgain: at('exchange'),
    }),
    memory({ typesafe, counted: remote, seqcount: !['6.4', '6.6'].includes(generation) }),
    vmaLock({ generation, without, atWalkAgain: at('miss'), atExchangeAgain: at('exchange') }),
    reader({ ...q, lookup, atGoto: at('goto') }, locals + counter),
    killable
      ? holderAndKiller(locals)
      : writer(
          { write: q.write, forever: !Number.isFinite(q.ops), mmapLocks: generation !== '6.4' },
          locals,
        ),
    `init {
  d_step { ${setUp(q.vmas, pool, remote, typesafe)} };
  atomic {
    c_code { now.ops = atoi(getenv("OPS")); now.most = atoi(getenv("MOST")); };
    ${runs.join('; ')}
  }
}`,
    ...(q.property === 'progress' ? [`ltl returns { <> (${finished.join(' && ')}) }`] : []),
    '',
  ].join('\n');
}

/** A VMA of two pages at each place of the first mm, and the rest of the cache free. */
function setUp(places: number, pool: number, counted: boolean, typesafe: boolean): string {
  const lines: string[] = [];
  for (let x = 1; x <= pool; x++) {
    if (x > places) {
      lines.push(`freelist[${pool - x}] = ${x}`);
      continue;
    }
    const page = 2 * (x - 1);
    lines.push(
      `slab[${x}] = 1; anon[${x}] = true; vstart[${x}] = ${page}; vend[${x}] = ${page + 2}`,
    );
    lines.push(`tree[${page}] = ${x}; tree[${page + 1}] = ${x}`);
    if (typesafe) lines.push(`ref[${x}] = 1`);
  }
  lines.push(`nfree = ${pool - places}`);
  // Of numbers kept as they are: what mapping the VMA has left.
  lines.push(counted ? 'vseq[1] = 1; mseq[0] = 2; mseq[1] = 2' : 'mseq[0] = 1');
  return lines.join('; ');
}
