import type { Span } from '../diagnostics/diagnostic.ts';
import type { Config } from '../eval/config.ts';
import { validText } from '../eval/text-value.ts';
import { homeOf } from '../explain/blame.ts';
import { TYPE } from '../menu/model.ts';
import { isTristateType } from '../menu/views.ts';
import { findCore } from './core.ts';
import { Planner } from './planner.ts';

/** A user value to set. */
export interface Change {
  readonly symbol: string;
  /** The value now. */
  readonly from: string;
  /** The user value to set; absent where the present user value is to be taken back. */
  readonly to?: string;
  /** The prompt. */
  readonly span?: Span;
}

/** One of the statements that together leave no way. */
export interface Obstacle {
  readonly symbol: string;
  readonly text: string;
  readonly span?: Span;
}

/** What would give a symbol the wanted value. */
export type Plan =
  | {
      readonly possible: true;
      readonly changes: readonly Change[];
      /** The changes were applied to a copy of the configuration, and the symbol had the wanted value. */
      readonly verified: true;
      readonly cost: number;
      /** Was it proved that fewer changes do not do. If not, none of the changes can be left out all the same. */
      readonly minimal: boolean;
    }
  | {
      readonly possible: false;
      /** Together they exclude the wanted value, whatever the user values. */
      readonly core: readonly Obstacle[];
      /** Can none of them be left out. */
      readonly minimal: boolean;
    }
  | { readonly possible: 'unknown'; readonly reason: string };

export interface PlanOptions {
  /** Symbols that must keep the values they have. */
  readonly keep?: readonly string[];
  /** How long to search, about in milliseconds, counted in steps so that results do not depend on the machine. */
  readonly effort?: number;
}

/** Steps of the solver that take about a millisecond. */
const STEPS = 10_000;
/** About two seconds. */
const EFFORT = 2_000;

/**
 * The least changes of user values that give a symbol a value, or the statements that exclude it.
 *
 * The rules of the tree are put into clauses as far as the question needs them, and a SAT solver looks for user values
 * that differ from the present ones as little as possible. What it finds is applied before it is returned.
 */
export function plan(
  config: Config,
  name: string,
  wanted: string,
  options: PlanOptions = {},
): Plan {
  const run = planning(config, name, wanted, options);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

/**
 * `plan` in slices of some milliseconds: it yields after each, and who does not go on has stopped it. The configuration
 * must stay as it is until it is done; hand over a fork of one that may change.
 */
export function* planning(
  config: Config,
  name: string,
  wanted: string,
  options: PlanOptions = {},
): Generator<void, Plan> {
  const sym = config.kconfig.tree.names.get(name);
  const never = (text: string): Plan => {
    const span = sym && homeOf(sym);
    return {
      possible: false,
      core: [{ symbol: name, text, ...(span && { span }) }],
      minimal: true,
    };
  };
  if (!sym || (sym.nodes.length === 0 && !sym.constant)) return never(`${name} is not defined`);
  config.complete();
  if (config.valueOf(sym.id) === wanted)
    return { possible: true, changes: [], verified: true, cost: 0, minimal: true };
  if (sym.constant) return never(`${name} is a constant`);
  const bad = isTristateType(sym.type)
    ? !['n', 'm', 'y'].includes(wanted) || (sym.type === TYPE.BOOL && wanted === 'm')
    : !validText(sym.type, wanted);
  if (bad) {
    const type = config.kconfig.views.symbol(sym).type;
    return never(`${name} has the type ${type}, which has no value '${wanted}'`);
  }
  const keep: number[] = [];
  for (const kept of options.keep ?? []) {
    const id = config.kconfig.tree.names.get(kept)?.id;
    if (id !== undefined) keep.push(id);
  }
  const goal = { id: sym.id, value: wanted, keep };
  const steps = (options.effort ?? EFFORT) * STEPS;
  const found = yield* new Planner(config, goal, steps).search();
  if (found.kind === 'unknown') return { possible: 'unknown', reason: found.reason };
  if (found.kind === 'never') return yield* findCore(config, goal, found.defined, steps);
  const changes = found.steps.map(({ id, to }): Change => {
    const { name: symbol, props, nodes } = config.kconfig.tree.symbols[id] as typeof sym;
    const prompt = nodes.find((node) => node.prompt)?.prompt ?? props[0];
    const span = prompt && { file: prompt.file, line: prompt.line, column: prompt.column };
    return {
      symbol,
      from: config.valueOf(id),
      ...(to !== undefined && { to }),
      ...(span && { span }),
    };
  });
  return {
    possible: true,
    changes,
    verified: true,
    cost: changes.length,
    minimal: found.minimal,
  };
}
