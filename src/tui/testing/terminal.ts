import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { type Painted, paintedOf } from './painted.ts';

/** How often a condition on the screen is looked at again. */
const POLL_MS = 20;
const TIMEOUT_MS = 20_000;

/** A program in a real pseudo-terminal, its screen mirrored by a terminal emulator. For tests only. */
export class TestTerminal {
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  readonly #pty: IPty;
  #code: number | null = null;
  #raw = '';
  /** Chunks the emulator has not drawn yet. */
  #unwritten = 0;

  constructor(
    command: string,
    args: readonly string[],
    { columns, rows, env }: { columns: number; rows: number; env: NodeJS.ProcessEnv },
  ) {
    // A scrollback, so that what was on the screen before can be looked for afterwards.
    this.#screen = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      scrollback: 100,
    });
    const { CI: _ci, NO_COLOR: _color, ...inherited } = process.env;
    this.#pty = spawn(command, [...args], {
      cols: columns,
      rows,
      name: env.TERM ?? 'xterm-256color',
      env: { ...inherited, NODE_ENV: 'production', LANG: 'C.UTF-8', LC_ALL: '', ...env },
    });
    this.#pty.onData((data) => {
      this.#raw += data;
      this.#unwritten++;
      this.#screen.write(data, () => {
        this.#unwritten--;
      });
    });
    this.#pty.onExit(({ exitCode }) => {
      this.#code = exitCode;
    });
  }

  /** The lines on the screen, without spaces at their ends. */
  lines(): string[] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  /** Everything on the screen as one text. */
  text(): string {
    return this.lines().join('\n');
  }

  /** What is on the screen with its colours and emphasis, for pictures of it. */
  painted(): Painted {
    return paintedOf(this.#screen);
  }

  /** Wait until nothing has been written for a while, and the screen holds a whole frame. */
  async rests(ms: number): Promise<void> {
    let length = -1;
    let since = performance.now();
    await this.#until(() => {
      if (this.#raw.length !== length || !this.#whole()) {
        length = this.#raw.length;
        since = performance.now();
      }
      return performance.now() - since >= ms;
    }, `${ms} ms without output`);
  }

  /** Every byte the program has written. */
  raw(): string {
    return this.#raw;
  }

  /** Whether the program is on the alternate screen. */
  alternate(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  /** Write on the screen behind the program's back, as a background job would. */
  scribble(text: string): void {
    this.#screen.write(text);
  }

  /** Send bytes as typed. */
  type(bytes: string): void {
    this.#pty.write(bytes);
  }

  /** Send keys, then wait for the screen to show something. */
  async press(bytes: string, shows: string | RegExp, timeout = TIMEOUT_MS): Promise<void> {
    this.type(bytes);
    await this.shows(shows, timeout);
  }

  /** Wait until the screen shows something. */
  async shows(what: string | RegExp, timeout = TIMEOUT_MS): Promise<void> {
    await this.#until(
      () => this.#whole() && matches(this.text(), what),
      `the screen to show ${what}`,
      timeout,
    );
  }

  /** Change the size of the terminal. */
  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Wait for the program's end; its exit code. */
  async exited(): Promise<number> {
    await this.#until(() => this.#code !== null, 'the program to end');
    return this.#code!;
  }

  /** End the program if it still runs. */
  kill(signal?: string): void {
    if (this.#code === null) this.#pty.kill(signal);
  }

  /** Whether the screen holds a whole frame: programs mark where one begins and ends. */
  #whole(): boolean {
    const begun = this.#raw.lastIndexOf('\u001b[?2026h');
    const ended = this.#raw.lastIndexOf('\u001b[?2026l');
    return this.#unwritten === 0 && begun <= ended;
  }

  async #until(holds: () => boolean, what: string, timeout = TIMEOUT_MS): Promise<void> {
    const deadline = Date.now() + timeout;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`waited for ${what}; it shows\n${this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

function matches(text: string, what: string | RegExp): boolean {
  return typeof what === 'string' ? text.includes(what) : what.test(text);
}
