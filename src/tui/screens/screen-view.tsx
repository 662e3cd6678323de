import { type ReactElement, useMemo } from 'react';
import type { State } from '../state/model.ts';
import { FrameView } from '../widgets/frame-view.tsx';
import { frameOf } from './frame.ts';
import type { ScreenWorld } from './module.ts';
import { ReaderView } from './reader-view.tsx';

interface Props {
  readonly state: State;
  readonly world: ScreenWorld;
}

/** The whole terminal for a state. */
export function ScreenView({ state, world }: Props): ReactElement {
  if (world.theme.reader) return <ReaderView state={state} world={world} />;
  return <Drawn state={state} world={world} />;
}

function Drawn({ state, world }: Props): ReactElement {
  const frame = useMemo(() => frameOf(state, world), [state, world]);
  return <FrameView frame={frame} />;
}
