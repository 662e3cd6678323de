import { useStdout } from 'ink';
import { useCallback, useContext, useEffect, useRef } from 'react';
import { PainterContext } from './paint/painter.ts';
import type { Size } from './state/model.ts';

const ERASE_AND_HOME = '\u001b[2J\u001b[H';

/** How long a terminal must have kept its size to be drawn anew. */
const SETTLED_MS = 120;

/**
 * A function that draws the whole screen anew; it is also done some time after each resize.
 *
 * Frames are written as differences to the one before. What a terminal makes of a frame that was on its
 * way while it changed size is its own affair, so after a resize no difference can be relied on.
 */
export function useRedraw(size: Size): () => void {
  const { write } = useStdout();
  const painter = useContext(PainterContext);
  const redraw = useCallback(() => {
    if (painter) painter.redraw();
    // Ink erases, writes this, and then its last frame as a whole.
    else write(ERASE_AND_HOME);
  }, [painter, write]);
  const drawn = useRef(size);
  useEffect(() => {
    const { columns, rows } = drawn.current;
    if (columns === size.columns && rows === size.rows) return;
    drawn.current = size;
    const timer = setTimeout(redraw, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [size, redraw]);
  return redraw;
}
