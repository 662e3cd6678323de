import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { type InputError, inputError } from './input-error.ts';
import { didYouMean } from './suggest.ts';

/**
 * Nothing a user feeds us by hand is larger: a distribution's .config has 0.3 MB, an exported report of a
 * thousand cells some tens. It stops an endless device file before the memory is gone.
 */
export const MAX_TEXT_BYTES = 256 * 1024 * 1024;

const CHUNK = 1 << 20;

/** So long a pipe may be without anybody who writes to it, and how often it is looked at. */
const WRITER_MS = 5000;
const LOOK_MS = 5;
const SLEEP = new Int32Array(new SharedArrayBuffer(4));

/**
 * The text of a file the user named; `what` says in one or two words what it was meant to be, e.g.
 * `matrix file`. Pipes are read to their end, so that `<(command)` works. A byte order mark is dropped.
 */
export function readText(path: string, what: string, maxBytes: number = MAX_TEXT_BYTES): string {
  const bytes = readBytes(path, what, maxBytes);
  if (!isUtf8(bytes)) throw notUtf8(path, what, bytes);
  return new TextDecoder().decode(bytes);
}

/** The bytes of a file the user named, with the same words where it cannot be read. */
export function readBytes(path: string, what: string, maxBytes = MAX_TEXT_BYTES): Buffer {
  let fd: number | undefined;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      throw inputError('is-directory', `${path} is a folder; a ${what} is wanted`);
    }
    // Whoever opens a pipe waits for its writer, who may never come; what a shell has opened needs no waiting.
    const isPipe = stat.isFIFO() && isNamed(path);
    fd = openSync(path, constants.O_RDONLY | (isPipe ? constants.O_NONBLOCK : 0));
    const chunks: Buffer[] = [];
    for (let total = 0; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const n = isPipe ? readPipe(fd, chunk, total > 0, path) : readSync(fd, chunk);
      if (n === 0) return Buffer.concat(chunks, total);
      chunks.push(chunk.subarray(0, n));
      total += n;
      if (total > maxBytes) {
        throw inputError(
          'too-large',
          `${path} is too large for a ${what}: more than ${sizeText(maxBytes)}`,
        );
      }
    }
  } catch (error) {
    throw asReadError(error, path, what);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Is there a file of this name; what a shell opened for `<(command)` has none, and its writer has it open already. */
function isNamed(path: string): boolean {
  try {
    return realpathSync(path) !== '';
  } catch {
    return false;
  }
}

/** The next bytes of a pipe; none when all who wrote to it have closed it. */
function readPipe(fd: number, chunk: Buffer, begun: boolean, path: string): number {
  let hasWriter = begun;
  for (const until = performance.now() + WRITER_MS; ; ) {
    try {
      const n = readSync(fd, chunk);
      if (n > 0 || hasWriter) return n;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      hasWriter = true;
    }
    if (!hasWriter && performance.now() > until) {
      throw inputError('unreadable', `nothing writes to the pipe ${path}`);
    }
    Atomics.wait(SLEEP, 0, 0, LOOK_MS);
  }
}

function sizeText(bytes: number): string {
  return bytes >= 1 << 20 ? `${Math.floor(bytes / (1 << 20))} MiB` : `${bytes} bytes`;
}

function asReadError(error: unknown, path: string, what: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return notFound(path, what);
    case 'EACCES':
    case 'EPERM':
      return inputError('unreadable', `no permission to read the ${what} ${path}`);
    case 'ELOOP':
      return inputError('unreadable', `${path} is a symbolic link that leads to itself`);
    case 'ENAMETOOLONG':
      return inputError('not-found', `the name of the ${what} is too long for a file name`);
    case 'ERR_INVALID_ARG_VALUE':
      return inputError('not-found', `the name of the ${what} contains a NUL character`);
    case undefined:
      return error;
    default:
      return inputError(
        'unreadable',
        `cannot read the ${what} ${path}: ${(error as Error).message}`,
      );
  }
}

function notFound(path: string, what: string): InputError {
  const folder = dirname(path);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return inputError('not-found', `${what} not found: ${path}`, undefined, `no folder ${folder}`);
  }
  return inputError(
    'not-found',
    `${what} not found: ${path}`,
    undefined,
    didYouMean(basename(path), names.sort()),
  );
}

function notUtf8(path: string, what: string, bytes: Buffer): InputError {
  const { line, column } = firstBadByte(bytes);
  return inputError(
    'not-utf8',
    `the ${what} is not UTF-8 text`,
    { file: path, line, column },
    encodingHint(bytes),
  );
}

function encodingHint(bytes: Buffer): string | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'it is compressed with gzip; unpack it first';
  const mark = (bytes[0]! << 8) | bytes[1]!;
  if (mark === 0xfffe || mark === 0xfeff) return 'it is UTF-16; save it as UTF-8';
  return undefined;
}

function firstBadByte(bytes: Buffer): { line: number; column: number } {
  let line = 1;
  for (let start = 0; ; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const text = bytes.subarray(start, newline < 0 ? bytes.length : newline);
    if (newline < 0 || !isUtf8(text)) return { line, column: validPrefix(text) + 1 };
    start = newline + 1;
  }
}

/** UTF-16 units of the longest valid beginning. */
function validPrefix(text: Buffer): number {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
  for (let units = 0, bytes = 0; units < decoded.length; ) {
    const char = String.fromCodePoint(decoded.codePointAt(units)!);
    const length = Buffer.byteLength(char);
    if (text.subarray(bytes, bytes + length).toString('utf8') !== char) return units;
    if (!isUtf8(text.subarray(bytes, bytes + length))) return units;
    units += char.length;
    bytes += length;
  }
  return decoded.length;
}
