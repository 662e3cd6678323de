import { readFileSync } from 'node:fs';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** The end of a synchronized update: a frame is whole. */
const FRAME_END = '\u001b[?2026l';

/** What the program wrote, and when it came. */
interface Chunk {
  readonly at: number;
  readonly data: string;
}

/**
 * A program in a pseudo-terminal whose output is timed and looked at afterwards: an emulator beside it would take the processor's time
 * that is being measured.
 */
export class TimedTerminal {
  readonly started = performance.now();
  readonly #pty: IPty;
  readonly #size: { readonly columns: number; readonly rows: number };
  readonly #chunks: Chunk[] = [];
  #frames = 0;
  #onFrame: () => void = () => {};
  #exited = false;

  constructor(
    command: string,
    args: readonly string[],
    size: { readonly columns: number; readonly rows: number },
    env: NodeJS.ProcessEnv = {},
  ) {
    this.#size = size;
    const { CI: _ci, NO_COLOR: _color, ...inherited } = process.env;
    this.#pty = spawn(command, [...args], {
      cols: size.columns,
      rows: size.rows,
      name: 'xterm-256color',
      env: { ...inherited, NODE_ENV: 'production', LANG: 'C.UTF-8', LC_ALL: '', ...env },
    });
    this.#pty.onData((data) => {
      this.#chunks.push({ at: performance.now(), data });
      const ends = data.split(FRAME_END).length - 1;
      if (ends === 0) return;
      this.#frames += ends;
      this.#onFrame();
    });
    this.#pty.onExit(() => {
      this.#exited = true;
    });
  }

  /** Milliseconds until the end of the next frame. */
  async frame(deadline = 10_000): Promise<number> {
    const from = performance.now();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no frame within ${deadline} ms`)), deadline);
      this.#onFrame = () => {
        clearTimeout(timer);
        this.#onFrame = () => {};
        resolve(performance.now() - from);
      };
    });
  }

  get frames(): number {
    return this.#frames;
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Most memory the program has had, in MiB. */
  peakMemory(): number {
    const status = readFileSync(`/proc/${this.#pty.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  /** Processor seconds the program has had. */
  processorTime(): number {
    const stat = readFileSync(`/proc/${this.#pty.pid}/stat`, 'utf8');
    const [user = 0, system = 0] = stat
      .slice(stat.lastIndexOf(')'))
      .split(' ')
      .slice(12)
      .map(Number);
    return (user + system) / 100;
  }

  /** Ends the program by its own key. */
  async leave(): Promise<void> {
    for (let i = 0; !this.#exited && i < 100; i++) {
      this.type('\u0003');
      await pause(50);
    }
    if (!this.#exited) this.#pty.kill('SIGKILL');
  }

  /**
   * Plays what was written to an emulator: for each text the first moment at which the screen showed it, in milliseconds after the
   * start and no earlier than `from`; `undefined` for what was never there.
   */
  async shownAt(
    texts: readonly string[],
    from: readonly number[] = [],
  ): Promise<(number | undefined)[]> {
    const screen = new xterm.Terminal({
      cols: this.#size.columns,
      rows: this.#size.rows,
      allowProposedApi: true,
    });
    const found = texts.map((): number | undefined => undefined);
    for (const { at, data } of this.#chunks) {
      await new Promise<void>((resolve) => screen.write(data, resolve));
      const { active } = screen.buffer;
      const text = Array.from({ length: screen.rows }, (_, row) =>
        active.getLine(active.viewportY + row)?.translateToString(true),
      ).join('\n');
      texts.forEach((wanted, i) => {
        const time = at - this.started;
        if (found[i] === undefined && time >= (from[i] ?? 0) && text.includes(wanted))
          found[i] = time;
      });
    }
    return found;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
