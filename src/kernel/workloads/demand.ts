import { inputError } from '../../input/index.ts';
import { RLIMIT_STACK } from '../model/mm/stack.ts';
import { MAP_FLAGS, MREMAP_FLAGS } from '../model/uapi.ts';
import { type OpSpec, USER_OPS } from '../model/user-ops.ts';
import {
  bodiesOf,
  iterations,
  type OpStatement,
  type Statement,
  someStatement,
  type TaskKind,
  type ThreadKind,
  type Workload,
} from './workload.ts';

/** What running a program needs of the machine's pools, from above. */
export interface Demand {
  /** Most pages mapped at once. */
  readonly pages: number;
  /** Most VMAs at once. */
  readonly vmas: number;
}

/** Change of a quantity over a piece of program, and its highest value inside, both from its start. */
interface Flow {
  readonly net: number;
  readonly peak: number;
}

/** Pages of the stack that posix_spawn maps for its child. */
const SPAWN_STACK = 9;

const NONE: Flow = { net: 0, peak: 0 };

/**
 * Bounds what one thread of a kind has at once.
 *
 * Two bounds hold for pages, and the lower is taken: what was mapped less what was unmapped, and all address
 * space ever reserved (mapping at a given address reserves nothing new). VMAs are bounded by pages (none is
 * smaller) and by the operations that can make one.
 *
 * @throws {InputError} for a background thread that maps more in each round
 */
export function demandOf(kind: ThreadKind): Demand {
  const times = kind.background ? Number.POSITIVE_INFINITY : 1;
  const bound = (measure: (s: OpStatement) => number) => {
    const setup = flow(kind.setup, measure);
    return then(setup, repeated(flow(kind.run, measure), times)).peak;
  };
  const pages = Math.min(bound(mappedLessUnmapped), bound(reserved));
  if (!Number.isFinite(pages)) {
    throw inputError(
      'unbounded',
      `background threads "${kind.name}" map more than they unmap in each round`,
      kind.run[0]?.span,
    );
  }
  return { pages, vmas: Math.min(pages, bound(vmasMade)) };
}

/** Most tasks made at run time by one thread of a kind that are there at once. */
export function tasksOf(kind: ThreadKind, how: TaskKind): number {
  const times = kind.background ? Number.POSITIVE_INFINITY : 1;
  const { peak } = then(taskFlow(kind.setup, how), repeated(taskFlow(kind.run, how), times));
  if (Number.isFinite(peak)) return peak;
  throw inputError(
    'unbounded',
    `background threads "${kind.name}" make more tasks than they wait for in each round`,
    kind.run[0]?.span,
  );
}

/** Most pipes that one thread of a kind has made and not closed at once. */
export function pipesOf(kind: ThreadKind): number {
  const times = kind.background ? Number.POSITIVE_INFINITY : 1;
  const setup = flow(kind.setup, pipeEnds);
  const { peak } = then(setup, repeated(flow(kind.run, pipeEnds), times));
  if (Number.isFinite(peak)) return Math.ceil(peak / 2);
  throw inputError(
    'unbounded',
    `background threads "${kind.name}" make more pipes than they close in each round`,
    kind.run[0]?.span,
  );
}

/** The same for statements that run once. */
export function pipesOfSetup(setup: readonly Statement[]): number {
  return Math.ceil(flow(setup, pipeEnds).peak / 2);
}

/** Ends of pipes an operation opens; negative where it closes one. */
function pipeEnds(s: OpStatement): number {
  if (s.op === 'pipe') return 2;
  return s.op === 'pipe_close' ? -1 : 0;
}

/** Most pages a `swapon` of the workload gives to swap, 0 without one. */
export function swapOf(workload: Workload): number {
  const most = (body: readonly Statement[]): number =>
    Math.max(
      0,
      ...body.map((s) => {
        const own = s.kind === 'op' && s.op === 'swapon' ? pagesOf(s) : 0;
        return Math.max(own, ...bodiesOf(s).map(most));
      }),
    );
  const { setup, threads } = workload;
  return Math.max(most(setup), ...threads.flatMap((t) => [most(t.setup), most(t.run)]));
}

/** Whether a workload runs other programs: a process that does has two address spaces for a while. */
export function execs(workload: Workload): boolean {
  const has = (body: readonly Statement[]) =>
    someStatement(body, (s) => s.kind === 'op' && s.op === 'execve');
  return has(workload.setup) || workload.threads.some((t) => has(t.setup) || has(t.run));
}

/** The same for statements that run once. */
export function tasksOfSetup(setup: readonly Statement[], how: TaskKind): number {
  return taskFlow(setup, how).peak;
}

function taskFlow(body: readonly Statement[], how: TaskKind): Flow {
  return body.reduce((before, s) => then(before, taskFlowOf(s, how)), NONE);
}

function taskFlowOf(s: Statement, how: TaskKind): Flow {
  switch (s.kind) {
    case 'repeat':
      return repeated(taskFlow(s.body, how), s.times);
    case 'for':
      return repeated(taskFlow(s.body, how), iterations(s));
    case 'counted':
      return taskFlow(s.body, how);
    case 'choose': {
      const arms = s.arms.map((arm) => taskFlow(arm.body, how));
      return {
        net: Math.max(...arms.map((a) => a.net)),
        peak: Math.max(...arms.map((a) => a.peak)),
      };
    }
    case 'spawn': {
      // All kinds of children are waited for in the same way.
      const own = (s.how === 'pthread' ? s.how : 'fork') === how ? 1 : 0;
      const body = taskFlow(s.body, how);
      return { net: own + Math.max(0, body.net), peak: own + body.peak };
    }
    case 'reap':
      return s.how === how ? { net: -1, peak: 0 } : NONE;
    default:
      return NONE;
  }
}

/** The same for statements that run once. */
export function demandOfSetup(setup: readonly Statement[]): Demand {
  const pages = flow(setup, mappedLessUnmapped).peak;
  return { pages, vmas: Math.min(pages, flow(setup, vmasMade).peak) };
}

function flow(body: readonly Statement[], measure: (s: OpStatement) => number): Flow {
  return body.reduce((before, s) => then(before, flowOf(s, measure)), NONE);
}

function flowOf(s: Statement, measure: (s: OpStatement) => number): Flow {
  switch (s.kind) {
    case 'op': {
      const net = measure(s);
      return { net, peak: Math.max(0, net) };
    }
    case 'repeat':
      return repeated(flow(s.body, measure), s.times);
    case 'for':
      return repeated(flow(s.body, measure), iterations(s));
    case 'counted':
      return flow(s.body, measure);
    case 'spawn': {
      // What a child maps goes with it.
      const body = flow(s.body, measure);
      if (s.how === 'posix_spawn') return { net: 0, peak: body.peak + SPAWN_STACK };
      return s.how === 'fork' ? { net: 0, peak: body.peak } : body;
    }
    case 'choose': {
      const arms = s.arms.map((arm) => flow(arm.body, measure));
      return {
        net: Math.max(...arms.map((a) => a.net)),
        peak: Math.max(...arms.map((a) => a.peak)),
      };
    }
    default:
      return NONE;
  }
}

function then(a: Flow, b: Flow): Flow {
  return { net: a.net + b.net, peak: Math.max(a.peak, a.net + b.peak) };
}

function repeated(body: Flow, times: number): Flow {
  if (body.net <= 0)
    return { net: body.net === 0 ? 0 : body.net * Math.min(times, 1), peak: body.peak };
  return { net: body.net * times, peak: body.net * (times - 1) + body.peak };
}

/** Pages an operation adds to what is mapped; negative where it takes away. */
function mappedLessUnmapped(s: OpStatement): number {
  const given = pagesOf(s);
  if (s.op === 'munmap') return -given;
  if (s.op === 'shstk_enable') return RLIMIT_STACK;
  if (s.op === 'brk' || s.op === 'stack_write') return Number(s.args[0]) * s.touches;
  if (s.op === 'mremap') return newPagesOf(s) - (keepsSource(s) ? 0 : given);
  return specOf(s).returns ? given : 0;
}

/** Pages of address space an operation reserves for the first time. */
function reserved(s: OpStatement): number {
  if (s.op === 'munmap') return 0;
  return isFixed(s) ? 0 : Math.max(0, mappedLessUnmapped(s));
}

/** VMAs an operation can make at most: a new one, or two splits. */
function vmasMade(s: OpStatement): number {
  const spec = specOf(s);
  if (spec.returns || s.op === 'stack_write') return isFixed(s) ? 3 : 1;
  return spec.params.some((p) => p.kind === 'pages') ? 2 : 0;
}

/** A mapping laid over address space that the program has named. */
function isFixed(s: OpStatement): boolean {
  const flags = s.args[specOf(s).params.findIndex((p) => p.kind === 'map_flags')];
  return typeof flags === 'number' && (flags & MAP_FLAGS.fixed) !== 0;
}

function pagesOf(s: OpStatement): number {
  return Number(s.args[specOf(s).params.findIndex((p) => p.kind === 'pages')] ?? 0);
}

/** Pages of what an operation gives: the last number of pages it is told. */
function newPagesOf(s: OpStatement): number {
  return Number(s.args[specOf(s).params.findLastIndex((p) => p.kind === 'pages')] ?? 0);
}

/** A move that leaves the old mapping behind, empty. */
function keepsSource(s: OpStatement): boolean {
  const flags = s.args[specOf(s).params.findIndex((p) => p.name === 'flags')];
  return typeof flags === 'number' && (flags & MREMAP_FLAGS.dontunmap) !== 0;
}

function specOf(s: OpStatement): OpSpec {
  return USER_OPS[s.op];
}
