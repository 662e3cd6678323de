import type { ScreenWorld } from '../screens/module.ts';
import { type ListState, type Screen, type State, topOf } from './model.ts';

/** What of a state is remembered from one run to the next. */
export interface Saved {
  readonly version: 1;
  readonly marks: readonly string[];
  readonly stack: readonly Screen[];
  readonly history: State['history'];
}

/** What to remember of a state: the screens up to the first whose kind cannot be restored. */
export function savedOf(state: State, world: ScreenWorld): Saved {
  const { marks, history, stack } = state;
  const end = stack.findIndex(({ kind }) => world.module(kind).restore === undefined);
  return { version: 1, marks, history, stack: end < 0 ? stack : stack.slice(0, end) };
}

/**
 * A state as it was remembered, as far as that fits what is there now. Nothing of it is trusted: the
 * file may be of another version of the program or of the matrix, or have been edited.
 */
export function restored(state: State, saved: unknown, world: ScreenWorld): State {
  if (!isRecord(saved) || saved.version !== 1) return state;
  const stack: Screen[] = [];
  for (const screen of Array.isArray(saved.stack) ? (saved.stack as unknown[]) : []) {
    const found = restoredScreen(screen, world);
    if (!found) break;
    stack.push(found);
  }
  // What was opened decides on the first screen, not what was left the last time.
  if (stack[0]?.kind !== topOf(state).kind) return state;
  const marks = textsOf(saved.marks).filter((mark) => world.markable(mark));
  return { ...state, stack, marks, history: historyOf(saved.history) };
}

function restoredScreen(saved: unknown, world: ScreenWorld): Screen | null {
  if (!isRecord(saved) || typeof saved.kind !== 'string') return null;
  const module = world.modules.find(({ kind }) => kind === saved.kind);
  const list = listOf(saved.list);
  return (list && module?.restore?.({ ...saved, list }, world)) ?? null;
}

/** A list as it was left; `null` if the value is none. It need not fit: states settle. */
export function listOf(value: unknown): ListState | null {
  if (!isRecord(value)) return null;
  const { cursor, offset, filter } = value;
  if (!isIndex(cursor) || !isIndex(offset) || typeof filter !== 'string') return null;
  return { cursor, offset, filter };
}

/** A whole number from 0 on, below `end`. */
export function isIndex(value: unknown, end = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < end;
}

/** An object whose values are unknown. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function historyOf(value: unknown): State['history'] {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, lines]) => [name, textsOf(lines)]));
}
