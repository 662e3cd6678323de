import { useApp } from 'ink';
import { type ReactElement, useEffect, useMemo, useReducer } from 'react';
import type { Report } from '../report/index.ts';
import type { KeyQueue } from './keys/key-queue.ts';
import { ScreenView } from './screens/screen-view.tsx';
import { createWorld } from './screens/world.ts';
import { initialState, type Size, type State } from './state/model.ts';
import { type Action, reduce } from './state/reducer.ts';
import type { Theme } from './theme.ts';

/** The screens over a loaded report. */
export function Browser({
  report,
  theme,
  size,
  keys,
  onExit,
  suspend,
  redraw,
}: {
  readonly report: Report;
  readonly theme: Theme;
  readonly size: Size;
  /** Keys pressed, among them those from before there was anything to act on. */
  readonly keys: KeyQueue;
  readonly onExit: (code: number) => void;
  /** Gives the terminal back to the shell and returns when it is ours again. */
  readonly suspend: () => Promise<void>;
  /** Draws the whole screen anew. */
  readonly redraw: () => void;
}): ReactElement {
  const world = useMemo(() => createWorld(report, theme), [report, theme]);
  const [state, dispatch] = useReducer(
    (before: State, action: Action) => reduce(before, action, world),
    size,
    (initial) => reduce(initialState(initial), { type: 'resize', size: initial }, world),
  );
  const { suspendTerminal } = useApp();

  useEffect(() => keys.subscribe((names) => dispatch({ type: 'keys', keys: names })), [keys]);
  useEffect(() => dispatch({ type: 'resize', size }), [size]);
  useEffect(() => {
    if (state.exit !== null) onExit(state.exit);
  }, [state.exit, onExit]);
  useEffect(() => {
    if (state.suspends > 0) void suspendTerminal(suspend);
  }, [state.suspends, suspend, suspendTerminal]);
  useEffect(() => {
    if (state.redraws > 0) redraw();
  }, [state.redraws, redraw]);

  // Drawn for the size the terminal has now, not the one of the last action: the first frame after
  // a resize must already fit.
  const fits = state.size.columns === size.columns && state.size.rows === size.rows;
  const fitted = fits ? state : reduce(state, { type: 'resize', size }, world);
  return <ScreenView state={fitted} world={world} />;
}
