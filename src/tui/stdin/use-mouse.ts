import { useStdout } from 'ink';
import { useCallback, useEffect, useRef, useState } from 'react';

/** Button presses and the wheel, with coordinates beyond 223 (SGR). */
const MOUSE_ON = '\u001b[?1000h\u001b[?1006h';
const MOUSE_OFF = '\u001b[?1006l\u001b[?1000l';

/** The mouse as the program has it. */
export interface Mouse {
  /** Suspends the program with the mouse given back meanwhile: a shell would print reports as garbage. */
  readonly suspend: () => Promise<void>;
  /** Give the mouse to the terminal, or take it again. */
  readonly toggle: () => void;
}

/** Ask the terminal for mouse reports as long as the program runs, from the start if they are `wanted`. */
export function useMouse(wanted: boolean, suspend: () => Promise<void>): Mouse {
  const { stdout } = useStdout();
  const [on, setOn] = useState(wanted);
  // Whoever suspends was given the function long before the mouse was last toggled.
  const current = useRef(on);
  useEffect(() => {
    current.current = on;
    if (!on) return;
    stdout.write(MOUSE_ON);
    return () => {
      stdout.write(MOUSE_OFF);
    };
  }, [on, stdout]);
  const stop = useCallback(async () => {
    if (current.current) stdout.write(MOUSE_OFF);
    try {
      await suspend();
    } finally {
      if (current.current) stdout.write(MOUSE_ON);
    }
  }, [suspend, stdout]);
  return { suspend: stop, toggle: useCallback(() => setOn((before) => !before), []) };
}
