import type { YamlNode } from '../../input/index.ts';
import { programNumber, readAddress } from './operand.ts';
import { type Context, readStatements, variableName } from './read-statement.ts';
import type { Statement, TaskKind } from './workload.ts';

type Read = (node: YamlNode, at: YamlNode, context: Context) => Statement;

/** Statements that make and end processes and threads. */
export const TASK_STATEMENTS = {
  fork: { beside: [], read: (node, _at, c) => readSpawn(node, c, 'fork', 'child') },
  vfork: { beside: [], read: (node, _at, c) => readSpawn(node, c, 'vfork', 'child') },
  posix_spawn: { beside: [], read: (node, _at, c) => readPosixSpawn(node, c) },
  pthread_create: { beside: [], read: (node, _at, c) => readSpawn(node, c, 'pthread', 'do') },
  wait: { beside: [], read: (node, _at, c) => readReap(node, c, 'fork') },
  pthread_join: { beside: [], read: (node, _at, c) => readReap(node, c, 'pthread') },
  pause: { beside: [], read: (node, _at, c) => readEnd(node, c, 'pause') },
  exit: { beside: [], read: (node, _at, c) => readEnd(node, c, 'exit') },
} as const satisfies Readonly<Record<string, { beside: readonly string[]; read: Read }>>;

/** The body sees the variables as they are now; what it changes in them stays its own. It may mark operations, outside of one. */
function readSpawn(
  node: YamlNode,
  context: Context,
  how: TaskKind,
  key: string,
  more: readonly string[] = [],
  first: readonly Statement[] = [],
): Statement {
  node.onlyKeys([key, 'as', ...more]);
  const scope = context.scope.inner();
  const body = readStatements(first.length > 0 ? node.get(key) : node.require(key), {
    ...context,
    scope,
    inTask: true,
  });
  const as = node.get('as');
  const name = as && variableName(as);
  const place = as && name !== undefined ? context.scope.define(name, as.span) : undefined;
  return {
    kind: 'spawn',
    how,
    body: [...first, ...body],
    as: place && name !== undefined ? { name, place } : undefined,
    span: node.span,
  };
}

/** The child runs the program first, and what `do` says as that. */
function readPosixSpawn(node: YamlNode, context: Context): Statement {
  node.onlyKeys(['program', 'do', 'as']);
  const named = node.get('program');
  const program = named === undefined ? 0 : programNumber(named, context.programs);
  const exec: Statement = {
    kind: 'op',
    op: 'execve',
    args: [program, 0],
    as: undefined,
    touches: 1,
    slot: -1,
    errors: [],
    segv: false,
    span: node.span,
  };
  return readSpawn(node, context, 'posix_spawn', 'do', ['program'], [exec]);
}

function readReap(node: YamlNode, context: Context, how: TaskKind): Statement {
  const map = node.kind === 'map' && node.get('for') !== undefined ? node : undefined;
  if (map === undefined && how === 'pthread') {
    node.fail('missing-key', 'pthread_join needs "for": the thread that pthread_create named');
  }
  map?.onlyKeys(['for']);
  const of = map && readAddress(map.require('for'), context.scope);
  return { kind: 'reap', how, of, span: node.span };
}

function readEnd(node: YamlNode, context: Context, kind: 'pause' | 'exit'): Statement {
  if (!context.inTask) {
    node.fail(
      'bad-end',
      `"${kind}" stands in a fork or a pthread_create: a listed thread ends with its run`,
    );
  }
  return { kind, span: node.span };
}
