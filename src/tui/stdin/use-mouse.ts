import { useStdout } from 'ink';
import { useCallback, useEffect } from 'react';

/** Button presses and the wheel, with coordinates beyond 223 (SGR). */
const MOUSE_ON = '\u001b[?1000h\u001b[?1006h';
const MOUSE_OFF = '\u001b[?1006l\u001b[?1000l';

/**
 * Ask the terminal for mouse reports as long as the program runs. The result suspends the program like
 * `suspend`, with the mouse given back meanwhile: a shell would print reports as garbage.
 */
export function useMouse(wanted: boolean, suspend: () => Promise<void>): () => Promise<void> {
  const { stdout } = useStdout();
  useEffect(() => {
    if (!wanted) return;
    stdout.write(MOUSE_ON);
    return () => {
      stdout.write(MOUSE_OFF);
    };
  }, [wanted, stdout]);
  return useCallback(async () => {
    if (wanted) stdout.write(MOUSE_OFF);
    try {
      await suspend();
    } finally {
      if (wanted) stdout.write(MOUSE_ON);
    }
  }, [wanted, suspend, stdout]);
}
