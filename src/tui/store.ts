import type { Effect } from './effects/effect.ts';
import type { EffectContext, Runner, TerminalControl } from './effects/runner.ts';
import type { ScreenWorld } from './screens/module.ts';
import type { Action } from './state/action.ts';
import type { State } from './state/model.ts';
import { reduce } from './state/reducer.ts';

/** The state, and who changes it. */
export interface Store {
  state(): State;
  /** Let things happen, in order. What is thrown is told as a crash. */
  dispatch(...actions: readonly Action[]): void;
  /** Hear of every new state. The result ends that. */
  subscribe(listener: () => void): () => void;
}

/** What a store is made of. */
export interface StoreParts {
  readonly initial: State;
  readonly world: ScreenWorld;
  readonly runners: readonly Runner[];
  readonly terminal: TerminalControl;
  readonly ended: AbortSignal;
  /** Told of what a runner throws: a crash. */
  readonly onError: (error: unknown) => void;
}

/**
 * The state and its effects. The effects of a key run before the next key is looked at: of keys typed
 * ahead each must find what the one before has done. Listeners hear once of all of it.
 */
export function createStore(parts: StoreParts): Store {
  const { world, terminal, ended, onError } = parts;
  const { sessions, services } = world;
  const runners = new Map(parts.runners.map((runner) => [runner.kind, runner]));
  const listeners = new Set<() => void>();
  let state = parts.initial;
  let depth = 0;

  const run = (effect: Effect): void => {
    const runner = runners.get(effect.kind);
    if (!runner) throw new Error(`nobody runs effects of kind ${effect.kind}`);
    const running = runner.run(effect, context);
    if (running) running.catch(onError);
  };
  const step = (action: Action): void => {
    const next = reduce(state, action, world);
    const { effects } = next;
    state = effects.length === 0 ? next : { ...next, effects: [] };
    for (const effect of effects) run(effect);
  };
  const dispatch = (...actions: readonly Action[]): void => {
    const before = state;
    depth++;
    try {
      for (const action of actions.flatMap(single)) step(action);
    } catch (error) {
      onError(error);
    } finally {
      depth--;
    }
    if (depth === 0 && state !== before) for (const listener of listeners) listener();
  };
  const context: EffectContext = { services, sessions, dispatch, terminal, ended };
  sessions.listen((id, version) => dispatch({ type: 'session', id, version }));
  return {
    state: () => state,
    dispatch,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Keys one by one. */
function single(action: Action): readonly Action[] {
  if (action.type !== 'keys') return [action];
  return action.keys.map((key) => ({ type: 'keys', keys: [key] }));
}
