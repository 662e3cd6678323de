import { didYouMean, inputError, type Span, type YamlNode } from '../../input/index.ts';
import type { Program } from '../model/program.ts';
import { type OpName, type OpSpec, USER_OPS } from '../model/user-ops.ts';
import { MAX_PAGES, readAddress, readOperand } from './operand.ts';
import type { Scope } from './scope.ts';
import { TASK_STATEMENTS } from './task-statements.ts';
import { REFUSALS, type Refusal } from './unexpected-error.ts';
import type { Argument, OpStatement, Statement } from './workload.ts';

const OPS: Readonly<Record<string, OpSpec>> = USER_OPS;

/** Largest count of a loop. */
const MAX_TIMES = 1_000_000_000;

/** What a program may do at the place that is being read. */
export interface Context {
  readonly scope: Scope;
  /** Names of the frame's words so far; reading adds to it. */
  readonly slots: string[];
  /** The part of the file: in a setup nothing is counted and nobody waits. */
  readonly part: 'setup' | 'run';
  /** Inside `op`, where a second `op` would count twice. */
  readonly counted: boolean;
  /** Inside the program of a task made at run time. */
  readonly inTask?: boolean;
  /** What `execve` can name. */
  readonly programs: readonly Program[];
}

type Control =
  | 'repeat'
  | 'for'
  | 'choose'
  | 'op'
  | 'barrier'
  | 'sleep'
  | 'pace'
  | keyof typeof TASK_STATEMENTS;

/** Every statement that is not an operation: keys that stand beside its own, and how it is read. */
const CONTROLS: Readonly<
  Record<
    Control,
    {
      readonly beside: readonly string[];
      read(node: YamlNode, at: YamlNode, c: Context): Statement;
    }
  >
> = {
  repeat: { beside: ['do'], read: readRepeat },
  for: { beside: ['do'], read: readFor },
  choose: { beside: [], read: readChoose },
  op: { beside: [], read: readCounted },
  barrier: { beside: [], read: readBarrier },
  sleep: { beside: [], read: (node, at, c) => readSleep(node, at, c, false) },
  pace: { beside: [], read: (node, at, c) => readSleep(node, at, c, true) },
  ...TASK_STATEMENTS,
};

/** Reads a list of statements; a single statement may stand for a list of one. */
export function readStatements(node: YamlNode | undefined, context: Context): Statement[] {
  if (node === undefined || node.kind === 'null') return [];
  if (node.kind !== 'seq') return [readStatement(node, context)];
  return node.items().map((item) => readStatement(item, context));
}

function readStatement(node: YamlNode, context: Context): Statement {
  // A statement without parameters may be written as a bare word: `- barrier`.
  if (node.kind === 'scalar')
    return readNamed(node.asScalarText(), node.span, undefined, node, context);
  const keys = node.keys();
  const [first] = keys;
  if (first === undefined) node.fail('empty-statement', 'a statement is missing here');
  const control = CONTROLS[first.name as Control];
  const beside = control?.beside ?? [];
  const stray = keys.slice(1).find((k) => !beside.includes(k.name));
  if (stray !== undefined) {
    throw inputError(
      'unknown-key',
      `"${stray.name}" cannot stand beside "${first.name}"`,
      stray.span,
      statementNames().includes(stray.name)
        ? 'each statement is an item of the list: begin it with "- "'
        : `"${first.name}" ${beside.length > 0 ? `takes ${beside.join(', ')} beside it` : 'stands alone'}`,
    );
  }
  return readNamed(first.name, first.span, node.get(first.name), node, context);
}

function readNamed(
  name: string,
  span: Span,
  value: YamlNode | undefined,
  at: YamlNode,
  context: Context,
): Statement {
  const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name as Control] : undefined;
  if (control !== undefined) return { ...control.read(value ?? at, at, context), span };
  if (Object.hasOwn(OPS, name)) return readOp(name as OpName, span, value, context);
  throw inputError(
    'unknown-operation',
    `unknown operation "${name}"`,
    span,
    didYouMean(name, statementNames()) ?? '`kmatrix simulate --list-operations` shows them all',
  );
}

/** Every word a statement can begin with. */
function statementNames(): string[] {
  return [...Object.keys(OPS), ...Object.keys(CONTROLS)];
}

function readOp(
  op: OpName,
  span: Span,
  given: YamlNode | undefined,
  context: Context,
): OpStatement {
  const spec = OPS[op] as OpSpec;
  const node = given?.kind === 'map' ? given : undefined;
  if (given !== undefined && node === undefined && given.kind !== 'null' && given.span !== span) {
    given.fail('wrong-type', `${op} takes a map of parameters: ${parameterNames(spec)}`);
  }
  const onOnePage = spec.params.length === 1 && spec.params[0]?.kind === 'address';
  const known = [...spec.params.map((p) => p.name), 'error'];
  if (spec.returns) known.push('as');
  if (onOnePage) known.push('pages', 'segv');
  node?.onlyKeys(known);
  const args = spec.params.map((param): Argument => {
    const value = node?.get(param.name);
    if (value !== undefined && value.kind !== 'null')
      return readOperand(param, value, context.scope, context.programs);
    if (param.default !== undefined) return param.default;
    throw inputError('missing-key', `${op} needs "${param.name}"`, span, `${op} ${spec.does}`);
  });
  const touches = onOnePage ? (node?.get('pages')?.asInteger({ min: 1, max: MAX_PAGES }) ?? 1) : 1;
  const slot = touches > 1 ? slotFor(context, 'page') : -1;
  const as = spec.returns ? node?.get('as') : undefined;
  const name = as && variableName(as);
  return {
    kind: 'op',
    op,
    args,
    // Defined last: `mmap: {at: a, as: a}` reads the old value.
    as: as && name !== undefined ? { name, place: context.scope.define(name, as.span) } : undefined,
    touches,
    slot,
    errors: readErrors(node?.get('error')),
    segv: onOnePage ? (node?.get('segv')?.asBoolean() ?? false) : false,
    span,
  };
}

/** `error: ENOSYS`, or a list of them. */
function readErrors(node: YamlNode | undefined): Refusal[] {
  if (node === undefined) return [];
  const names = Object.keys(REFUSALS) as Refusal[];
  const items = node.kind === 'seq' ? node.items() : [node];
  return items.map((item) => item.asOneOf(names));
}

function parameterNames(spec: OpSpec): string {
  return spec.params.length === 0 ? 'none' : spec.params.map((p) => p.name).join(', ');
}

function readRepeat(node: YamlNode, at: YamlNode, context: Context): Statement {
  const times = node.asInteger({ min: 1, max: MAX_TIMES });
  const slot = slotFor(context, 'times');
  return { kind: 'repeat', times, slot, body: readBody(at, context), span: node.span };
}

function readFor(node: YamlNode, at: YamlNode, context: Context): Statement {
  node.onlyKeys(['each', 'of', 'pages', 'step', 'random']);
  const each = variableName(node.require('each'));
  const of = readAddress(node.require('of'), context.scope);
  const pages = node.require('pages').asInteger({ min: 1, max: MAX_PAGES });
  const step = node.get('step')?.asInteger({ min: 1, max: MAX_PAGES }) ?? 1;
  const random = node.get('random')?.asInteger({ min: 1, max: MAX_TIMES }) ?? 0;
  const slot = slotFor(context, each);
  slotFor(context, `${each}.offset`);
  const scope = context.scope.inner();
  scope.bind(each, { kind: 'frame', slot });
  const body = readBody(at, { ...context, scope });
  return { kind: 'for', slot, each, of, pages, step, random, body, span: node.span };
}

function readChoose(node: YamlNode, _at: YamlNode, context: Context): Statement {
  const arms = node.items().map((arm) => {
    arm.onlyKeys(['weight', 'do']);
    const weight = arm.get('weight')?.asInteger({ min: 1, max: 1_000_000 }) ?? 1;
    const body = readBody(arm, { ...context, scope: context.scope.inner() }, true);
    return { weight, body };
  });
  if (arms.length < 2) node.fail('bad-choose', 'choose needs at least two arms to choose from');
  return { kind: 'choose', arms, span: node.span };
}

function readCounted(node: YamlNode, at: YamlNode, context: Context): Statement {
  if (context.part === 'setup')
    at.fail('bad-op', '"op" counts operations of the run, not of a setup');
  if (context.counted) at.fail('bad-op', 'this is inside an "op" already');
  const body = readStatements(node, { ...context, counted: true });
  if (body.length === 0) node.fail('empty-statement', '"op" needs something to count');
  return { kind: 'counted', body, span: node.span };
}

function readBarrier(node: YamlNode, at: YamlNode, context: Context): Statement {
  if (context.part === 'setup') {
    at.fail('bad-barrier', 'a setup needs no barrier: the run starts when every setup is done');
  }
  if (context.inTask) {
    at.fail('bad-barrier', 'only threads that the file lists meet at a barrier');
  }
  return { kind: 'barrier', slot: slotFor(context, 'passage'), span: node.span };
}

/** Nanoseconds in each unit a pause can be written in. */
const UNITS = { ns: 1, us: 1e3, ms: 1e6 } as const;

function readSleep(node: YamlNode, _at: YamlNode, _context: Context, paced: boolean): Statement {
  const [entry, more] = node.entries();
  if (entry === undefined || more !== undefined || !Object.hasOwn(UNITS, entry[0])) {
    return node.fail('bad-time', 'write one time: {ns: 500}, {us: 100} or {ms: 1}');
  }
  const amount = entry[1].asNumber({ min: 0, max: 1e9 });
  const ns = Math.round(amount * UNITS[entry[0] as keyof typeof UNITS]);
  // The time travels through the machine as a word.
  if (ns < 1 || ns > 2e9) entry[1].fail('out-of-range', 'a pause is from 1 ns to 2000 ms');
  return { kind: 'sleep', ns, paced, span: node.span };
}

function readBody(at: YamlNode, context: Context, mayBeEmpty = false): Statement[] {
  const node = at.require('do');
  const body = readStatements(node, context);
  if (body.length === 0 && !mayBeEmpty) node.fail('empty-statement', 'this loop does nothing');
  return body;
}

/** The name after `as` or `each`. */
export function variableName(node: YamlNode): string {
  const name = node.asScalarText();
  if (!/^[A-Za-z_]\w*$/.test(name) || name === 'index') {
    node.fail(
      'bad-variable',
      name === 'index'
        ? '"index" is the number of the thread and cannot be a variable'
        : `"${name}" is not a name: letters, digits and _ make a name`,
    );
  }
  return name;
}

function slotFor(context: Context, name: string): number {
  return context.slots.push(`${name}@${context.slots.length}`) - 1;
}
