import { freshHome } from '../home.ts';
import { pause, TimedTerminal } from './timed-terminal.ts';

/** A terminal UI to be measured: how it is started, and how the row under the cursor is told. */
export interface Subject {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** On the screen once it can be used. */
  readonly ready: string;
  /** On the screen while the cursor stands on row `n`, and then only. */
  readonly row: (n: number) => string;
  /** What is typed to find a row among all. */
  readonly filter: string;
}

/** Times in milliseconds, memory in MiB. */
export interface Measured {
  readonly firstFrame: number;
  readonly ready: number;
  /** From each key to the end of its frame, with the machine at rest between them. */
  readonly keys: readonly number[];
  /** From each letter of a filter to the end of its frame, typed as fast as fingers do. */
  readonly letters: readonly number[];
  /** From each press of a held key to the frame that shows what it did. */
  readonly held: readonly number[];
  /** Processor time until the rows are there, and of a key with its frame; beside other work these tell more than times do. */
  readonly startLoad: number;
  readonly keyLoad: number;
  /** Share of one processor a held key takes. */
  readonly heldLoad: number;
  readonly memory: number;
}

const SIZE = { columns: 120, rows: 40 } as const;
/** Keys that draw the least and the most: one row, a page, the ends, and back. */
const KEYS = ['j', 'j', 'k', '\u001b[6~', 'j', '\u001b[5~', 'G', 'k', 'g', 'j', 'i', '\u001b'];
const PRESSED = 120;
/** A keyboard's usual rate of repeats. */
const REPEATS_PER_SECOND = 30;
const HELD = 90;
const REST_MS = 60;
/** Between two letters of who types fast. */
const LETTER_MS = 80;
const FILTERS = 5;

/** Starts the program, presses keys as a user does, and leaves it. */
export async function measure(subject: Subject): Promise<Measured> {
  const home = freshHome();
  const terminal = new TimedTerminal(subject.command, subject.args, SIZE, {
    ...subject.env,
    ...home.env,
  });
  try {
    await terminal.frame();
    await until(terminal, subject.ready);
    const startLoad = terminal.processorTime() * 1000;
    const keys: number[] = [];
    for (let i = 0; i < PRESSED; i++) {
      await pause(REST_MS);
      const frame = terminal.frame();
      terminal.type(KEYS[i % KEYS.length] as string);
      keys.push(await frame);
    }
    const keyLoad = (terminal.processorTime() * 1000 - startLoad) / PRESSED;
    const letters: number[] = [];
    for (let i = 0; i < FILTERS; i++) {
      terminal.type('/');
      await pause(5 * REST_MS);
      for (const letter of subject.filter) {
        const frame = terminal.frame();
        terminal.type(letter);
        letters.push(await frame);
        await pause(Math.max(0, LETTER_MS - (letters.at(-1) as number)));
      }
      terminal.type('\u001b');
      await pause(5 * REST_MS);
    }
    terminal.type('g');
    await pause(5 * REST_MS);
    const before = terminal.processorTime();
    const pressed: number[] = [];
    for (let i = 0; i < HELD; i++) {
      const due = (pressed[0] ?? performance.now()) + (i * 1000) / REPEATS_PER_SECOND;
      await pause(Math.max(0, due - performance.now()));
      pressed.push(performance.now());
      terminal.type('j');
    }
    await pause(500);
    const load = (terminal.processorTime() - before) / (HELD / REPEATS_PER_SECOND);
    const memory = terminal.peakMemory();
    const rows = Array.from({ length: HELD }, (_, i) => subject.row(i + 1));
    const from = (pressed[0] as number) - terminal.started;
    const [first, ready, ...shown] = await terminal.shownAt(
      ['', subject.ready, ...rows],
      [0, 0, ...rows.map(() => from)],
    );
    return {
      firstFrame: first ?? Number.NaN,
      ready: ready ?? Number.NaN,
      keys,
      // A frame may show several presses at once: what skips a row has been shown by the next.
      held: pressed.map((at, i) => {
        const seen = shown.slice(i).find((time) => time !== undefined);
        return (seen ?? Number.POSITIVE_INFINITY) - (at - terminal.started);
      }),
      letters,
      startLoad,
      keyLoad,
      heldLoad: load,
      memory,
    };
  } finally {
    await terminal.leave();
    home.remove();
  }
}

/** Waits until a text is on the screen, which is looked at with every frame, but no more often than every `restMs`. */
export async function until(terminal: TimedTerminal, text: string, restMs = 0): Promise<void> {
  const [at] = await terminal.shownAt([text]);
  if (at !== undefined) return;
  await Promise.all([terminal.frame(60_000), pause(restMs)]);
  return until(terminal, text, restMs);
}

/** The value that a share `q` of the numbers does not exceed. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
