import { readdirSync } from 'node:fs';
import {
  didYouMean,
  inputError,
  packagePath,
  parseYaml,
  readText,
  type YamlNode,
} from '../../input/index.ts';
import { WORK, type WorkName } from '../model/machine/index.ts';
import type { CostProfile } from './profile.ts';

/** The profile used when none is named. */
export const DEFAULT_PROFILE = 'server';

/** Beyond any cost of one thing (one second); it stops a slip of the unit. */
const MAX_COST = 1e9;

const LINE = [
  'hit',
  'memory',
  'shared_local',
  'shared_remote',
  'dirty_local',
  'dirty_remote',
  'upgrade_local',
  'upgrade_remote',
] as const;
const SCHEDULER = [
  'slice',
  'context_switch',
  'wakeup',
  'idle_entry',
  'idle_exit',
  'timer',
  'flush_interrupt',
  'flush_wait',
] as const;

/**
 * Work that no number of instructions of kernel code can price: user code, string instructions that are counted by the byte, interrupts
 * of other CPUs, and loops over digits, which take fewer cycles an instruction than code does. A profile always says what it takes.
 */
const NOT_CODE: readonly WorkName[] = [
  'user_access',
  'user_loop',
  'clear_page',
  'copy_page',
  'tlb_flush_remote',
  'proc_maps_line',
];

/** Names of the profiles that come with kmatrix, in name order. */
export function shippedProfiles(): readonly string[] {
  return readdirSync(packagePath('src', 'kernel', 'timed', 'profiles'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * Loads a cost profile: a shipped one by its name, or a file by its path (anything with a `/` or ending
 * in `.json`).
 *
 * @throws {InputError}
 */
export function loadProfile(nameOrPath: string = DEFAULT_PROFILE): CostProfile {
  if (/[/\\]|\.json$/.test(nameOrPath)) {
    return readProfile(readText(nameOrPath, 'cost profile'), nameOrPath);
  }
  const names = shippedProfiles();
  if (!names.includes(nameOrPath)) {
    throw inputError(
      'unknown-profile',
      `no cost profile is called "${nameOrPath}"`,
      undefined,
      didYouMean(nameOrPath, names) ?? `known: ${names.join(', ')}; a file is named by its path`,
    );
  }
  const path = packagePath('src', 'kernel', 'timed', 'profiles', `${nameOrPath}.json`);
  return readProfile(readText(path, 'cost profile'), path);
}

/**
 * Reads a cost profile. Every figure must be there: a missing one would be a constant in disguise. With `code` the work of kernel code
 * is priced by the instructions another profile counts for it, at so many cycles each, and `hardware` is what comes on top.
 */
export function readProfile(text: string, file: string): CostProfile {
  const root = parseYaml(text, file);
  root.onlyKeys([
    'name',
    'description',
    'unit',
    'cpus_per_socket',
    'smt',
    'kinds',
    'flushes',
    'step',
    'line',
    'atomic',
    'memory',
    'scheduler',
    'jitter',
    'code',
    'hardware',
    'work',
  ]);
  const memory = root.require('memory');
  memory.onlyKeys(['page_bytes', 'bandwidth', 'batch', 'zone_page']);
  const jitter = root.require('jitter');
  jitter.onlyKeys(['start', 'user']);
  const profile: CostProfile = {
    name: root.require('name').asString(),
    description: root.require('description').asString(),
    unit: root.require('unit').asOneOf(['ns', 'instruction']),
    cpus_per_socket: root.require('cpus_per_socket').asInteger({ min: 1, max: 4096 }),
    ...readSmt(root.get('smt')),
    ...readKinds(root.get('kinds')),
    ...readFlushes(root.get('flushes')),
    step: cost(root.require('step')),
    line: table(root.require('line'), LINE),
    atomic: cost(root.require('atomic')),
    memory: {
      page_bytes: memory.require('page_bytes').asInteger({ min: 4096, max: 65536 }),
      bandwidth: cost(memory.require('bandwidth')),
      batch: memory.require('batch').asInteger({ min: 1, max: 1_000_000 }),
      zone_page: cost(memory.require('zone_page')),
    },
    jitter: {
      start: cost(jitter.require('start')),
      user: jitter.require('user').asNumber({ min: 0, max: 1 }),
    },
    ...(root.get('code') === undefined
      ? {
          scheduler: table(root.require('scheduler'), SCHEDULER),
          work: table(root.require('work'), WORK),
        }
      : codePrices(root)),
  };
  if (profile.scheduler.slice <= 0) {
    root.require('scheduler').require('slice').fail('out-of-range', '"slice" must be more than 0');
  }
  return profile;
}

function readSmt(smt: YamlNode | undefined): Pick<CostProfile, 'smt'> {
  if (smt === undefined) return {};
  smt.onlyKeys(['threads', 'slowdown']);
  return {
    smt: {
      threads: smt.require('threads').asInteger({ min: 2, max: 8 }),
      slowdown: smt.require('slowdown').asNumber({ min: 1, max: 8 }),
    },
  };
}

function readKinds(kinds: YamlNode | undefined): Pick<CostProfile, 'kinds'> {
  if (kinds === undefined) return {};
  return {
    kinds: kinds.items().map((kind) => {
      kind.onlyKeys(['cpus', 'slowdown']);
      return {
        cpus: kind.require('cpus').asInteger({ min: 1, max: 4096 }),
        slowdown: kind.require('slowdown').asNumber({ min: 1, max: 100 }),
      };
    }),
  };
}

function readFlushes(flushes: YamlNode | undefined): Pick<CostProfile, 'flushes'> {
  return flushes === undefined ? {} : { flushes: flushes.asOneOf(['mm_cpumask']) };
}

/** What the scheduler does in code that was counted. */
const SCHEDULER_CODE: readonly (typeof SCHEDULER)[number][] = ['context_switch', 'wakeup'];

/** Prices of kernel code by its instructions, and of the rest as the file says. */
function codePrices(root: YamlNode): Pick<CostProfile, 'scheduler' | 'work'> {
  const code = root.require('code');
  code.onlyKeys(['counts', 'cycles_per_instruction', 'ghz']);
  const counts = loadProfile(code.require('counts').asOneOf(shippedProfiles()));
  if (counts.unit !== 'instruction') {
    code
      .require('counts')
      .fail('bad-counts', `profile "${counts.name}" does not count instructions`);
  }
  const cycles = code.require('cycles_per_instruction').asNumber({ min: 0.1, max: 100 });
  const nanoseconds = cycles / code.require('ghz').asNumber({ min: 0.1, max: 100 });
  const extra = root.get('hardware');
  extra?.onlyKeys([...WORK, ...SCHEDULER_CODE]);
  const prices = <K extends string>(
    given: YamlNode,
    keys: readonly K[],
    counted: Readonly<Record<K, number>>,
    isCode: (key: K) => boolean,
  ): Record<K, number> => {
    given.onlyKeys(keys.filter((key) => !isCode(key)));
    const price = (key: K): number => {
      if (!isCode(key)) return cost(given.require(key));
      const more = extra?.get(key);
      return counted[key] * nanoseconds + (more === undefined ? 0 : cost(more));
    };
    return Object.fromEntries(keys.map((key) => [key, price(key)])) as Record<K, number>;
  };
  return {
    scheduler: prices(root.require('scheduler'), SCHEDULER, counts.scheduler, (key) =>
      SCHEDULER_CODE.includes(key),
    ),
    work: prices(root.require('work'), WORK, counts.work, (key) => !NOT_CODE.includes(key)),
  };
}

function table<const K extends string>(node: YamlNode, keys: readonly K[]): Record<K, number> {
  node.onlyKeys(keys);
  return Object.fromEntries(keys.map((key) => [key, cost(node.require(key))])) as Record<K, number>;
}

function cost(node: YamlNode): number {
  return node.asNumber({ min: 0, max: MAX_COST });
}
