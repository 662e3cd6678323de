import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { bytesOf, textOf } from '../files/byte-text.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { Shell } from '../preprocess/shell.ts';
import { runShell } from '../toolchain/run-shell.ts';
import { LineReader } from './line-reader.ts';

/** What the command touches of the world, so that it can be driven in-process. */
export interface Io {
  /** Name the command was called by. */
  progname: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Are both standard input and output terminals. */
  tty(): boolean;
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
export function processIo(input = new LineReader(0)): Io {
  return {
    progname: 'kconf',
    cwd: process.cwd(),
    env: process.env,
    // Asked for only when it matters: Node makes streams of both.
    tty: () => process.stdin.isTTY === true && process.stdout.isTTY === true,
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
      return textOf(readFileSync(this.path(name)));
    } catch {
      return undefined;
    }
  }

  readBytes(name: string): Uint8Array | undefined {
    try {
      return readFileSync(this.path(name));
    } catch {
      return undefined;
    }
  }

  /** Is this all that is in a file. */
  holds(name: string, content: string | Uint8Array): boolean {
    if (typeof content === 'string') return this.read(name) === content;
    try {
      return readFileSync(this.path(name)).equals(content);
    } catch {
      return false;
    }
  }

  write(name: string, content: string | Uint8Array): boolean {
    try {
      writeFileSync(this.path(name), typeof content === 'string' ? bytesOf(content) : content);
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
      makeFolder(this.path(name.slice(0, slash)));
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

/** Write everything, also to a pipe that is full for the moment. A reader that went away ends the run. */
export function writeAll(fd: number, text: string): void {
  const bytes = bytesOf(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') throw new Exit(1);
      // A full disk, or no output at all: C does not look, either.
      if (code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
