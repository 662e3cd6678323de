import { freshHome } from '../home.ts';
import type { Painted } from '../painted.ts';
import { driver } from '../pty.ts';
import { TestTerminal } from '../terminal.ts';
import type { Shot } from './shots.ts';

/** How the terminal is set up for a picture. */
export interface Setting {
  readonly columns: number;
  readonly rows: number;
  readonly ascii: boolean;
  readonly color: boolean;
  /** One of those of the command; the default one if not given. */
  readonly theme?: string | undefined;
}

/** Runs are waited for, on machines that do other things as well. */
const PATIENCE_MS = 120_000;
/** Nothing written for so long counts as the end of what a key has set off. */
const REST_MS = 250;

/** Runs a shot's script in a pseudo-terminal of its own; gives the last screen as a picture and as text. */
export async function take(
  shot: Shot,
  { columns, rows, ascii, color, theme }: Setting,
): Promise<{ painted: Painted; text: string }> {
  const home = freshHome();
  const options = [...(ascii ? ['--ascii'] : []), ...(theme ? ['--theme', theme] : [])];
  const terminal = new TestTerminal(process.execPath, [driver(), ...options], {
    columns,
    rows,
    env: { ...home.env, KMATRIX_DRIVER: shot.mode, ...(!color && { NO_COLOR: '1' }) },
  });
  try {
    await terminal.shows(shot.opens);
    for (const [keys, shows] of shot.strokes) await terminal.press(keys, shows, PATIENCE_MS);
    await terminal.rests(REST_MS);
    return { painted: terminal.painted(), text: `${terminal.text().trimEnd()}\n` };
  } finally {
    terminal.kill();
    home.remove();
  }
}
