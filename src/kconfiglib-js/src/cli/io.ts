import {
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Shell } from '../preprocess/shell.ts';
import { runShell } from '../toolchain/run-shell.ts';

/** What the command touches of the world, so that it can be driven in-process. */
export interface Io {
  /** Name the command was called by. */
  progname: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Both standard input and output are terminals. */
  tty: boolean;
  stdout(text: string): void;
  stderr(text: string): void;
  /** The next line of standard input with its newline; undefined at the end. */
  readLine(): string | undefined;
  /** Runs `$(shell,…)`. Default: /bin/sh, as `conf` does. */
  shell?: Shell;
}

/** Ends the command with this exit code. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** The world of a real process. */
export function processIo(): Io {
  const input = new LineReader(0);
  return {
    progname: 'kconf',
    cwd: process.cwd(),
    env: process.env,
    tty: process.stdin.isTTY === true && process.stdout.isTTY === true,
    stdout: (text) => writeAll(1, text),
    stderr: (text) => writeAll(2, text),
    readLine: () => input.next(),
  };
}

/** The shell `conf` has: run everything, with the environment and directory of the command. */
export function realShell(io: Io): Shell {
  return ({ command }) =>
    runShell(command, { env: io.env as Record<string, string>, cwd: io.cwd, stderr: io.stderr });
}

/** File operations relative to the command's directory. */
export class Files {
  readonly #cwd: string;

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  path(name: string): string {
    return isAbsolute(name) ? name : join(this.#cwd, name);
  }

  read(name: string): string | undefined {
    try {
      return readFileSync(this.path(name), 'utf8');
    } catch {
      return undefined;
    }
  }

  write(name: string, text: string): boolean {
    try {
      writeFileSync(this.path(name), text);
      return true;
    } catch {
      return false;
    }
  }

  exists(name: string): boolean {
    return existsSync(this.path(name));
  }

  isDirectory(name: string): boolean {
    return statSync(this.path(name), { throwIfNoEntry: false })?.isDirectory() === true;
  }

  makeParent(name: string): boolean {
    const slash = name.lastIndexOf('/');
    if (slash <= 0) return true;
    try {
      mkdirSync(this.path(name.slice(0, slash)), { recursive: true });
      return true;
    } catch {
      return false;
    }
  }

  rename(from: string, to: string): boolean {
    try {
      renameSync(this.path(from), this.path(to));
      return true;
    } catch {
      return false;
    }
  }

  remove(name: string): void {
    rmSync(this.path(name), { force: true });
  }
}

/** Lines of a file descriptor, read as they are needed. */
class LineReader {
  readonly #fd: number;
  readonly #chunk = Buffer.alloc(1 << 16);
  #pending = Buffer.alloc(0);
  #ended = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  next(): string | undefined {
    for (;;) {
      const newline = this.#pending.indexOf(10);
      if (newline >= 0 || this.#ended) {
        if (this.#pending.length === 0) return undefined;
        const end = newline < 0 ? this.#pending.length : newline + 1;
        const line = this.#pending.subarray(0, end).toString();
        this.#pending = this.#pending.subarray(end);
        return line;
      }
      const count = this.#read();
      if (count === 0) this.#ended = true;
      else this.#pending = Buffer.concat([this.#pending, this.#chunk.subarray(0, count)]);
    }
  }

  #read(): number {
    for (;;) {
      try {
        return readSync(this.#fd, this.#chunk);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code === 'EOF') return 0;
        if (code !== 'EAGAIN') throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  }
}

/**
 * Take what is left in a pipe at standard input, without waiting for more. Whoever still writes answers when the command
 * ends would otherwise be told that nobody reads them.
 */
export function drainInput(): void {
  try {
    if (!fstatSync(0).isFIFO()) return;
    const fd = openSync('/dev/stdin', constants.O_RDONLY | constants.O_NONBLOCK);
    const chunk = Buffer.alloc(1 << 16);
    for (let rounds = 0; rounds < DRAIN_ROUNDS && readSync(fd, chunk) > 0; rounds++);
  } catch {
    // Nothing there, or nothing that can be read so: no harm done.
  }
}

/** A pipe holds one chunk; a few rounds also take what arrives meanwhile. */
const DRAIN_ROUNDS = 64;

/** Write everything, also to a pipe that is full for the moment. A reader that went away ends the output. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') throw new Exit(1);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
