import { setFlagsFromString } from 'node:v8';
import type { Io } from './io.ts';
import { keepHeapSmall, letHeapGrow } from './small-heap.ts';

/** Signals of one Ctrl-C may come twice: from the terminal and from the process that started this one. */
const SAME_KEY_MS = 500;

/** Of a stream that nobody is behind any more: a pipe, a terminal. */
const GONE = new Set(['EPIPE', 'EIO']);

/**
 * Run kmatrix as the current process: Ctrl-C stops it cleanly and a second one at once; a reader that
 * goes away (`| head`), and a terminal that does, ends it without a word.
 */
export async function runProcess(main: (argv: string[], io: Io) => Promise<number>): Promise<void> {
  const controller = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  process.on('SIGINT', () => {
    const at = performance.now();
    if (at - first > SAME_KEY_MS) process.exit(130);
    first = Math.min(first, at);
    controller.abort();
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === undefined || !GONE.has(error.code)) throw error;
      process.exit(process.exitCode ?? 0);
    });
  }
  // All is done and written then. Node would still take apart what it has made, which the system does in less time.
  process.once('beforeExit', () => process.exit());
  process.exitCode = await main(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    cwd: process.cwd(),
    env: process.env,
    signal: controller.signal,
    expectShortRun,
    keepHeapSmall,
  });
  // Whoever keeps compiled code for the next run keeps it for the settings that one begins with.
  expectLongRun();
  letHeapGrow();
}

/**
 * A short run is over before the optimizing compiler and helper threads pay off, and makes little garbage. Each setting
 * with the usual one. Compiled code that was kept is not taken under other settings, so modules are loaded before.
 */
const SHORT_RUN = [
  ['--no-turbofan', '--turbofan'],
  ['--no-parallel-scavenge', '--parallel-scavenge'],
  ['--semi-space-growth-factor=8', '--semi-space-growth-factor=2'],
] as const;

function expectShortRun(): () => void {
  setFlags(SHORT_RUN.map(([flag]) => flag));
  return expectLongRun;
}

function expectLongRun(): void {
  setFlags(SHORT_RUN.map(([, usual]) => usual));
}

function setFlags(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag);
}
