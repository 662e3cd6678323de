import { parseYaml, type YamlNode } from '../../input/index.ts';
import type { Program } from '../model/program.ts';
import { checkAreas } from './areas.ts';
import { checkBarriers } from './barriers.ts';
import { checkExec } from './check-exec.ts';
import { readPrograms } from './read-program.ts';
import { readStatements } from './read-statement.ts';
import { Scope } from './scope.ts';
import type { ThreadCount, ThreadKind, Workload } from './workload.ts';

/** Threads one kind may have when the file gives a number. */
const MAX_THREADS = 1024;

/**
 * Reads a workload file.
 *
 * @param text  the YAML
 * @param file  its name for messages
 * @throws {InputError} with the place of what is wrong
 */
export function readWorkload(text: string, file: string): Workload {
  const root = parseYaml(text, file);
  root.onlyKeys(['name', 'description', 'unit', 'seed', 'setup', 'threads', 'program', 'programs']);
  const programs = readPrograms(root);
  const shared = Scope.shared();
  const setupSlots: string[] = [];
  const setup = readStatements(root.get('setup'), {
    scope: shared,
    slots: setupSlots,
    part: 'setup',
    counted: false,
    programs,
  });
  const nodes = root.require('threads').items();
  if (nodes.length === 0) root.require('threads').fail('no-threads', 'a workload needs a thread');
  // Pipes are inherited by every process; memory is one's own.
  const isOneProcess = setup.some((s) => s.kind !== 'op' || s.op !== 'pipe');
  const threads = nodes.map((node) => readThreads(node, shared, isOneProcess, programs));
  const workload: Workload = {
    name: root.require('name').asString(),
    file,
    description: root.get('description')?.asString() ?? '',
    unit: root.get('unit')?.asString() ?? 'operation',
    seed: root.get('seed')?.asInteger({ min: 0, max: 0x7fffffff }) ?? 1,
    setup,
    setupSlots,
    threads,
    programs,
  };
  if (threads.every((t) => t.background)) {
    root
      .require('threads')
      .fail('no-threads', 'every thread is in the background: nothing would ever end the run');
  }
  checkUniqueNames(nodes);
  checkExec(workload);
  checkBarriers(workload);
  checkAreas(workload);
  return workload;
}

function readThreads(
  node: YamlNode,
  shared: Scope,
  isOneProcess: boolean,
  programs: readonly Program[],
): ThreadKind {
  node.onlyKeys(['name', 'count', 'process', 'background', 'cpu', 'nice', 'setup', 'run']);
  const process = node.get('process')?.asOneOf(['shared', 'own']) ?? 'shared';
  if (isOneProcess && process === 'own') {
    node
      .require('process')
      .fail(
        'bad-process',
        "the file's setup maps memory of the shared process, which this thread is not in",
      );
  }
  const scope = shared.thread();
  const setupSlots: string[] = [];
  const runSlots: string[] = [];
  const setup = readStatements(node.get('setup'), {
    scope,
    slots: setupSlots,
    part: 'setup',
    counted: false,
    programs,
  });
  const run = readStatements(node.get('run'), {
    scope,
    slots: runSlots,
    part: 'run',
    counted: false,
    programs,
  });
  const background = node.get('background')?.asBoolean() ?? false;
  if (background && run.length === 0) {
    node.fail('empty-statement', 'a background thread with an empty run would loop without end');
  }
  return {
    name: node.require('name').asString(),
    count: readCount(node.get('count')),
    process,
    background,
    cpu: node.get('cpu')?.asInteger({ min: 0, max: MAX_THREADS }),
    nice: node.get('nice')?.asInteger({ min: 0, max: 19 }) ?? 0,
    setup,
    run,
    setupSlots,
    runSlots,
  };
}

function readCount(node: YamlNode | undefined): ThreadCount {
  if (node === undefined) return { fixed: 1 };
  const text = node.asScalarText().replaceAll(' ', '');
  const cpus = /^cpus(?:-(\d{1,3}))?$/.exec(text);
  if (cpus !== null) return { cpusLess: Number(cpus[1] ?? 0) };
  if (!/^-?\d+$/.test(text)) {
    node.fail(
      'bad-count',
      `"${text}" is not a number of threads`,
      'write a number, cpus, or cpus-1',
    );
  }
  return { fixed: node.asInteger({ min: 1, max: MAX_THREADS }) };
}

function checkUniqueNames(nodes: readonly YamlNode[]): void {
  const seen = new Map<string, number>();
  for (const node of nodes) {
    const name = node.require('name');
    const line = seen.get(name.asString());
    if (line !== undefined) {
      name.fail(
        'duplicate-name',
        `another kind of thread is called "${name.asString()}" (line ${line})`,
      );
    }
    seen.set(name.asString(), name.span.line);
  }
}
