import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { fsBinding } from './fs-binding.ts';

/** Size, times of modification and of change in milliseconds, and inode of a file. */
export const NUMBERS = 4;

/** What is done with thousands of files in one run. */
export interface FileCalls {
  /** Write the {@link NUMBERS} of a file at a place; of one that does not exist, -1 each. */
  stat(path: string, numbers: Float64Array, at: number): void;
  /**
   * A descriptor to read a file by. Throws where it cannot be opened. With `wait` a pipe is waited for until somebody writes
   * to it; without, it is empty until then.
   */
  open(path: string, wait?: boolean): number;
  /** Read on, at most `length` bytes to `offset`. Gives how many there were. */
  read(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  close(fd: number): void;
}

/** By the module every Node has. */
export const moduleCalls: FileCalls = {
  stat(path, numbers, at) {
    const stat = statSync(path, { throwIfNoEntry: false });
    numbers[at] = stat ? stat.size : -1;
    numbers[at + 1] = stat ? stat.mtimeMs : -1;
    numbers[at + 2] = stat ? stat.ctimeMs : -1;
    numbers[at + 3] = stat ? stat.ino : -1;
  },
  open: (path, wait = false) => openSync(path, flags(wait)),
  read: (fd, bytes, offset, length) => readSync(fd, bytes, offset, length, null),
  close: closeSync,
};

function flags(wait: boolean): number {
  return wait ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK;
}

/** What node:fs itself calls. */
interface Binding {
  /** The numbers of a file, always in the same array: device, mode and so on, then seconds and nanoseconds of four times. */
  stat(path: string, bigint: false, request: undefined, throws: false): Float64Array | undefined;
  open(path: string, flags: number, mode: number): number;
  /** From where the last reading ended, with -1 for a position. */
  read(fd: number, bytes: Uint8Array, offset: number, length: number, position: -1): number;
  close(fd: number): void;
}

/** Mode of files that are made, which is not done here. */
const MODE = 0o666;

function boundCalls(binding: Binding): FileCalls {
  return {
    stat(path, numbers, at) {
      const found = binding.stat(path, false, undefined, false);
      numbers[at] = found ? (found[8] as number) : -1;
      numbers[at + 1] = found ? milliseconds(found, 12) : -1;
      numbers[at + 2] = found ? milliseconds(found, 14) : -1;
      numbers[at + 3] = found ? (found[7] as number) : -1;
    },
    open: (path, wait = false) => binding.open(path, flags(wait), MODE),
    read: (fd, bytes, offset, length) => binding.read(fd, bytes, offset, length, -1),
    close: (fd) => binding.close(fd),
  };
}

/** Reckoned as Node does it: the numbers are compared with those of {@link moduleCalls}. */
function milliseconds(found: Float64Array, at: number): number {
  return (found[at] as number) * 1000 + (found[at + 1] as number) / 1e6;
}

/**
 * The quickest there is. Looking at the 1,600 files of a tree took a tenth of a run with a snapshot, half of it for objects
 * that Node makes of what it is told and for looking at arguments, and there is no other way around them than the binding
 * that node:fs itself calls. It is Node's own: it is only called in a release line where it is known, and only if of one
 * file it says what the module says.
 */
export function quickestCalls(
  version = process.versions.node,
  known: string = process.execPath,
): FileCalls {
  const binding = fsBinding(version) as Binding | undefined;
  if (!binding) return moduleCalls;
  try {
    const quick = boundCalls(binding);
    return sample(quick, known).equals(sample(moduleCalls, known)) ? quick : moduleCalls;
  } catch {
    return moduleCalls;
  }
}

/** What some calls say of a file: its numbers, and its first bytes in two parts. */
function sample({ stat, open, read, close }: FileCalls, path: string): Buffer {
  const bytes = Buffer.alloc(64);
  const numbers = new Float64Array(NUMBERS);
  stat(path, numbers, 0);
  const fd = open(path);
  try {
    bytes.writeUInt8(read(fd, bytes, 1, 7), 0);
    bytes.writeUInt8(read(fd, bytes, 9, 23), 8);
  } finally {
    close(fd);
  }
  bytes.set(new Uint8Array(numbers.buffer), 32);
  return bytes;
}

let quickest: FileCalls | undefined;

/** The calls of this process. */
export function fileCalls(): FileCalls {
  quickest ??= quickestCalls();
  return quickest;
}
