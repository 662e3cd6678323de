import type { YamlNode } from '../../input/index.ts';
import { readAddress } from './operand.ts';
import { type Context, readStatements, variableName } from './read-statement.ts';
import type { Statement, TaskKind } from './workload.ts';

type Read = (node: YamlNode, at: YamlNode, context: Context) => Statement;

/** Statements that make and end processes and threads. */
export const TASK_STATEMENTS = {
  fork: { beside: [], read: (node, _at, c) => readSpawn(node, c, 'fork', 'child') },
  vfork: { beside: [], read: (node, _at, c) => readSpawn(node, c, 'vfork', 'child') },
  pthread_create: { beside: [], read: (node, _at, c) => readSpawn(node, c, 'pthread', 'do') },
  wait: { beside: [], read: (node, _at, c) => readReap(node, c, 'fork') },
  pthread_join: { beside: [], read: (node, _at, c) => readReap(node, c, 'pthread') },
  pause: { beside: [], read: (node, _at, c) => readEnd(node, c, 'pause') },
  exit: { beside: [], read: (node, _at, c) => readEnd(node, c, 'exit') },
} as const satisfies Readonly<Record<string, { beside: readonly string[]; read: Read }>>;

/** The body sees the variables as they are now; what it changes in them stays its own. */
function readSpawn(node: YamlNode, context: Context, how: TaskKind, key: string): Statement {
  node.onlyKeys([key, 'as']);
  const scope = context.scope.inner();
  const body = readStatements(node.require(key), {
    ...context,
    scope,
    counted: true,
    inTask: true,
  });
  const as = node.get('as');
  const name = as && variableName(as);
  const place = as && name !== undefined ? context.scope.define(name, as.span) : undefined;
  return {
    kind: 'spawn',
    how,
    body,
    as: place && name !== undefined ? { name, place } : undefined,
    span: node.span,
  };
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
