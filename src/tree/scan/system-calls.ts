import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fsBinding } from 'kconfiglib-js/fs-binding';

/** Places in the numbers of a file. */
export const STAT = { SIZE: 0, MTIME_MS: 1, CTIME_MS: 2, INODE: 3, MODE: 4 } as const;
export const STAT_NUMBERS = 5;

/** So many of them, the first ones, are its marks: by these a file is known to be as it was. */
export const MARKS = STAT.MODE;

/** Kinds of entries of folders, as libuv numbers them (uv_dirent_type_t); pipes, sockets and devices have higher ones. */
export const ENTRY = { FILE: 1, FOLDER: 2, LINK: 3, PIPE: 4 } as const;

/** What is done with each file of a tree. All of them throw what node:fs throws. */
export interface SystemCalls {
  /** Names in a folder, and of which kind each is. */
  list(path: string): readonly [names: readonly string[], kinds: readonly number[]];
  /** Write down the numbers of a file, of a symbolic link itself. */
  lstat(path: string, numbers: Float64Array): void;
  fstat(fd: number, numbers: Float64Array): void;
  /** It was a file when it was listed: whatever stands in its place now is neither waited for nor followed. */
  open(path: string): number;
  /** Read on, at most `length` bytes to `offset`. Gives how many there were. */
  read(fd: number, bytes: Buffer, offset: number, length: number): number;
  close(fd: number): void;
}

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** By the module every Node has. */
export const moduleCalls: SystemCalls = {
  list(path) {
    const entries = readdirSync(path, { withFileTypes: true });
    return [entries.map(({ name }) => name), entries.map(kindOf)];
  },
  lstat: (path, numbers) => write(lstatSync(path), numbers),
  fstat: (fd, numbers) => write(fstatSync(fd), numbers),
  open: (path) => openSync(path, FLAGS),
  read: (fd, bytes, offset, length) => readSync(fd, bytes, offset, length, null),
  close: closeSync,
};

function kindOf(entry: Dirent): number {
  if (entry.isFile()) return ENTRY.FILE;
  if (entry.isDirectory()) return ENTRY.FOLDER;
  return entry.isSymbolicLink() ? ENTRY.LINK : ENTRY.PIPE;
}

function write(
  stat: { size: number; mtimeMs: number; ctimeMs: number; ino: number; mode: number },
  numbers: Float64Array,
): void {
  numbers[STAT.SIZE] = stat.size;
  numbers[STAT.MTIME_MS] = stat.mtimeMs;
  numbers[STAT.CTIME_MS] = stat.ctimeMs;
  numbers[STAT.INODE] = stat.ino;
  numbers[STAT.MODE] = stat.mode;
}

/** What node:fs calls: the same array for the numbers of every file, with seconds and nanoseconds of four times. */
interface Binding {
  readdir(path: string, encoding: 'utf8', types: true): [string[], number[]];
  lstat(path: string, bigint: false, request: undefined, throws: false): Float64Array | undefined;
  fstat(fd: number, bigint: false, request: undefined, quiet: true): Float64Array | undefined;
  open(path: string, flags: number, mode: number): number;
  /** From where the last reading ended, with -1 for a position. */
  read(fd: number, bytes: Buffer, offset: number, length: number, position: -1): number;
  close(fd: number): void;
}

/** Mode of files that are made, which is not done here. */
const MODE = 0o666;

function boundCalls(binding: Binding): SystemCalls {
  return {
    list(path) {
      const found = binding.readdir(path, 'utf8', true);
      // Some file systems do not tell of which kind an entry is.
      return found[1].includes(0) ? moduleCalls.list(path) : found;
    },
    lstat(path, numbers) {
      const found = binding.lstat(path, false, undefined, false);
      if (found) take(found, numbers);
      else moduleCalls.lstat(path, numbers);
    },
    fstat(fd, numbers) {
      const found = binding.fstat(fd, false, undefined, true);
      if (found) take(found, numbers);
      else moduleCalls.fstat(fd, numbers);
    },
    open: (path) => binding.open(path, FLAGS, MODE),
    read: (fd, bytes, offset, length) => binding.read(fd, bytes, offset, length, -1),
    close: (fd) => binding.close(fd),
  };
}

function take(found: Float64Array, numbers: Float64Array): void {
  numbers[STAT.SIZE] = found[8] as number;
  numbers[STAT.MTIME_MS] = milliseconds(found, 12);
  numbers[STAT.CTIME_MS] = milliseconds(found, 14);
  numbers[STAT.INODE] = found[7] as number;
  numbers[STAT.MODE] = found[1] as number;
}

/** Reckoned as Node does it. */
function milliseconds(found: Float64Array, at: number): number {
  return (found[at] as number) * 1000 + (found[at + 1] as number) / 1e6;
}

/**
 * The quickest there is: a call of node:fs costs a third more than what lies under it, an object for each file and each
 * entry of a folder aside. It is only called if it says of one file and one folder what the module says.
 */
export function quickestCalls(
  binding: unknown = fsBinding(),
  known: string = process.execPath,
): SystemCalls {
  if (binding === undefined) return moduleCalls;
  try {
    const quick = boundCalls(binding as Binding);
    return sample(quick, known) === sample(moduleCalls, known) ? quick : moduleCalls;
  } catch {
    return moduleCalls;
  }
}

/** What some calls say of a file, and of the folder it is in. */
function sample(calls: SystemCalls, path: string): string {
  const numbers = new Float64Array(2 * STAT_NUMBERS);
  calls.lstat(path, numbers.subarray(STAT_NUMBERS));
  const bytes = Buffer.alloc(64);
  const fd = calls.open(path);
  try {
    calls.fstat(fd, numbers);
    bytes.writeUInt8(calls.read(fd, bytes, 1, 7), 0);
    bytes.writeUInt8(calls.read(fd, bytes, 9, 23), 8);
  } finally {
    calls.close(fd);
  }
  // No order is promised.
  const [names, kinds] = calls.list(dirname(path));
  const entries = names
    .map((name, at) => `${name} ${Math.min(kinds[at] as number, ENTRY.PIPE)}`)
    .sort();
  return JSON.stringify([...numbers, bytes.toString('hex'), entries]);
}

let quickest: SystemCalls | undefined;

/** The calls of this thread. */
export function systemCalls(): SystemCalls {
  quickest ??= quickestCalls();
  return quickest;
}
