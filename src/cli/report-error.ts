import { formatInputError, InputError } from '../input/index.ts';
import { Interrupted } from './interrupted.ts';
import { exit, type Io } from './io.ts';
import { writeRemark } from './output.ts';
import { version } from './version.ts';

/** Tell the user what went wrong in the words that fit its kind, and say with which code to exit. */
export function reportError(error: unknown, argv: readonly string[], io: Io): number {
  if (io.signal?.aborted) {
    writeRemark(io, error instanceof Interrupted ? error.message : 'interrupted');
    return exit.interrupted;
  }
  if (isBrokenPipe(error)) return exit.done;
  if (error instanceof InputError) {
    writeRemark(io, formatInputError(error));
    return exit.input;
  }
  writeRemark(io, faultText(error, argv));
  if (io.env.KMATRIX_DEBUG === '1') writeRemark(io, stackOf(error));
  return exit.fault;
}

function faultText(error: unknown, argv: readonly string[]): string {
  // A fault in a worker thread comes with that thread's stack in the message.
  const [message] = (error instanceof Error ? error.message : String(error)).split('\n');
  return [
    `kmatrix: internal error: ${message}`,
    'This is a fault of kmatrix, not of your input. Please report it with these lines:',
    `  command: ${['kmatrix', ...argv].map(quoted).join(' ')}`,
    `  kmatrix ${version()}, node ${process.version}, ${process.platform} ${process.arch}`,
    'KMATRIX_DEBUG=1 in the environment adds the stack.',
  ].join('\n');
}

/** As a shell would take it again. */
function quoted(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isBrokenPipe(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'EPIPE';
}
