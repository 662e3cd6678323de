import { Box } from 'ink';
import { type ReactElement, useContext, useLayoutEffect } from 'react';
import { type Frame, PainterContext } from '../paint/painter.ts';
import { StyledLine } from './styled-line.tsx';

/** A whole screen. Where there is a painter Ink has nothing to lay out. */
export function FrameView({ frame }: { readonly frame: Frame }): ReactElement | null {
  const painter = useContext(PainterContext);
  useLayoutEffect(() => painter?.show(frame), [painter, frame]);
  useLayoutEffect(() => () => painter?.hide(), [painter]);
  if (painter) return null;
  const { columns, rows, lines, selected } = frame;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is its place; scrolling changes what is drawn there.
        <StyledLine key={index} line={line} selected={selected.includes(index)} />
      ))}
    </Box>
  );
}
