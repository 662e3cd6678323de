import { constants, fstatSync, openSync, readSync } from 'node:fs';

/** What a pipe holds on Linux unless somebody changed it. */
const PIPE_BYTES = 1 << 16;
/** Reads that the reader left behind makes at most. A program that writes without end is stopped by that soon. */
const READS = 64;

/**
 * Let nobody who pipes in more answers than there are questions be told that the pipe is broken before he can see that
 * the command has ended. To be called last; `unread` says that the command itself holds input it had no use for.
 *
 * A process closes its files a moment before its end can be seen, and a writer that works until it sees the end meets
 * that moment now and then: `conf` is mostly over before such a writer fills its first buffer, Node is not. So a small
 * reader stays behind for a while, if there are both unread input and a writer.
 */
export function leaveReader(unread: boolean): void {
  try {
    if (!fstatSync(0).isFIFO()) return;
    const left = takeLeft();
    if (left === 'ended' || (left === 'nothing' && !unread)) return;
    // Loading it takes a while, and hardly any run needs it.
    const { spawn } = process.getBuiltinModule('node:child_process');
    const args = ['of=/dev/null', `bs=${PIPE_BYTES}`, `count=${READS}`];
    const reader = spawn('dd', args, { cwd: '/', stdio: ['inherit', 'ignore', 'ignore'] });
    reader.on('error', () => {});
    reader.unref();
  } catch {
    // A pipe that cannot be read: no harm done.
  }
}

/** Read out the pipe at standard input, without waiting for more. */
function takeLeft(): 'nothing' | 'some' | 'ended' {
  // The flag is to hold here only, not for those who share the standard input.
  const fd = openSync('/dev/stdin', constants.O_RDONLY | constants.O_NONBLOCK);
  const chunk = Buffer.alloc(PIPE_BYTES);
  let left: 'nothing' | 'some' = 'nothing';
  for (let reads = 0; reads < READS; reads++) {
    try {
      if (readSync(fd, chunk) === 0) return 'ended';
      left = 'some';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      break;
    }
  }
  return left;
}
