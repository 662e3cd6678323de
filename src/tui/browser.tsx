import { useApp, useStdout } from 'ink';
import { type ReactElement, useEffect, useState, useSyncExternalStore } from 'react';
import type { TerminalControl } from './effects/runner.ts';
import { RUNNERS } from './effects/runners.ts';
import type { Opened } from './opened.ts';
import type { ScreenWorld } from './screens/module.ts';
import { ScreenView } from './screens/screen-view.tsx';
import type { Action } from './state/action.ts';
import { settle } from './state/cursor.ts';
import { initialState, type Size } from './state/model.ts';
import { reduce } from './state/reducer.ts';
import { restored, savedOf } from './state/saved.ts';
import type { InputEvent } from './stdin/event.ts';
import type { EventQueue } from './stdin/event-queue.ts';
import { createStore } from './store.ts';

/** The screens over what was opened. */
export function Browser({
  opened,
  world,
  size,
  events,
  onExit,
  onError,
  suspend,
  redraw,
  toggleMouse,
}: {
  readonly opened: Opened;
  readonly world: ScreenWorld;
  readonly size: Size;
  /** What was typed, clicked and pasted, also before there was anything to act on. */
  readonly events: EventQueue;
  readonly onExit: (code: number) => void;
  /** Told of a crash. */
  readonly onError: (error: unknown) => void;
  /** Gives the terminal back to the shell and returns when it is ours again. */
  readonly suspend: () => Promise<void>;
  /** Draws the whole screen anew. */
  readonly redraw: () => void;
  readonly toggleMouse: () => void;
}): ReactElement {
  const { suspendTerminal } = useApp();
  const { stdout } = useStdout();
  const [ending] = useState(() => new AbortController());
  const [store] = useState(() => {
    const terminal: TerminalControl = {
      redraw,
      toggleMouse,
      suspend: () => suspendTerminal(suspend),
      exit: onExit,
      write: (bytes) => stdout.write(bytes),
    };
    const first = initialState(size, opened.first);
    const initial = reduce(first, { type: 'resize', size }, world);
    const { begin, identity } = opened;
    const { memory } = world.services;
    const left = identity === undefined ? null : memory?.recall(identity);
    const before = settle(restored(initial, left, world), world);
    return createStore({
      initial: begin ? settle(begin(before, world), world) : before,
      world,
      runners: RUNNERS,
      terminal,
      ended: ending.signal,
      onError,
    });
  });
  const state = useSyncExternalStore(store.subscribe, store.state);

  useEffect(() => events.listen((some) => store.dispatch(...some.map(actionOf))), [events, store]);
  useEffect(() => store.dispatch({ type: 'resize', size }), [size, store]);
  useEffect(() => () => ending.abort(), [ending]);
  useEffect(() => {
    const { identity } = opened;
    if (identity === undefined) return;
    // On every way out, a signal among them, Ink takes the program down in order.
    return () => world.services.memory?.remember(identity, savedOf(store.state(), world));
  }, [opened, world, store]);

  // Drawn for the size the terminal has now, not the one of the last action: the first frame after
  // a resize must already fit.
  const fits = state.size.columns === size.columns && state.size.rows === size.rows;
  const fitted = fits ? state : reduce(state, { type: 'resize', size }, world);
  return <ScreenView state={fitted} world={world} />;
}

function actionOf(event: InputEvent): Action {
  return event.type === 'key' ? { type: 'keys', keys: [event.key] } : event;
}
