import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'kconfiglib-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatInputError, InputError, inputError, readingKconfig } from './input-error.ts';
import { packagePath } from './package-root.ts';
import { readText } from './read-text.ts';
import { writeFileAtomic } from './write-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kmatrix-input-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [d] = error.diagnostics;
    const at = d!.span ? `${d!.span.line}:${d!.span.column}: ` : '';
    return `${at}${d!.message}${d!.hint ? ` (${d!.hint})` : ''}`.replaceAll(dir, 'DIR');
  }
  throw new Error('nothing was thrown');
}

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};

describe('readText', () => {
  test('reads, and drops a byte order mark', () => {
    expect(readText(put('a', '\ufeffäöü\n'), 'matrix file')).toBe('äöü\n');
    expect(readText(put('e', ''), 'matrix file')).toBe('');
  });

  test('reads a pipe to its end', () => {
    const fifo = join(dir, 'pipe');
    execFileSync('mkfifo', [fifo]);
    execFileSync('sh', ['-c', 'printf hello > "$1" &', 'sh', fifo], { stdio: 'ignore' });
    expect(readText(fifo, 'matrix file')).toBe('hello');
  });

  test('says what is wrong with the file', () => {
    put('per-vma-lock.yaml', '');
    expect(errorOf(() => readText(join(dir, 'per-vma-lok.yaml'), 'matrix file'))).toBe(
      'matrix file not found: DIR/per-vma-lok.yaml (did you mean "per-vma-lock.yaml"?)',
    );
    expect(errorOf(() => readText(join(dir, 'no/where'), 'matrix file'))).toBe(
      'matrix file not found: DIR/no/where (no folder DIR/no)',
    );
    expect(errorOf(() => readText(join(dir, 'per-vma-lock.yaml/x'), 'workload'))).toBe(
      'workload not found: DIR/per-vma-lock.yaml/x (no folder DIR/per-vma-lock.yaml)',
    );
    expect(errorOf(() => readText(dir, 'workload'))).toBe('DIR is a folder; a workload is wanted');
    expect(errorOf(() => readText(put('big', 'x'.repeat(11)), 'workload', 10))).toBe(
      'DIR/big is too large for a workload: more than 10 bytes',
    );
    expect(errorOf(() => readText('/dev/zero', 'workload', 5 << 20))).toBe(
      '/dev/zero is too large for a workload: more than 5 MiB',
    );
    expect(errorOf(() => readText('a\0b', 'workload'))).toBe(
      'the name of the workload contains a NUL character',
    );
    symlinkSync('loop', join(dir, 'loop'));
    expect(errorOf(() => readText(join(dir, 'loop'), 'workload'))).toBe(
      'DIR/loop is a symbolic link that leads to itself',
    );
  });

  test.runIf(process.getuid?.() !== 0)('says when it may not read', () => {
    chmodSync(put('secret', 'x'), 0);
    expect(errorOf(() => readText(join(dir, 'secret'), 'workload'))).toBe(
      'no permission to read the workload DIR/secret',
    );
  });

  test('points at the first byte that is not UTF-8', () => {
    const latin1 = put('l1', Buffer.from([0x6f, 0x6b, 0x0a, 0xc3, 0xa4, 0x78, 0xe4, 0x0a]));
    expect(errorOf(() => readText(latin1, 'workload'))).toBe('2:3: the workload is not UTF-8 text');
    const gzip = put('gz', Buffer.from([0x1f, 0x8b, 8, 0]));
    expect(errorOf(() => readText(gzip, '.config file'))).toBe(
      '1:2: the .config file is not UTF-8 text (it is compressed with gzip; unpack it first)',
    );
    const utf16 = put('u16', Buffer.from([0xff, 0xfe, 0x61, 0]));
    expect(errorOf(() => readText(utf16, 'workload'))).toBe(
      '1:1: the workload is not UTF-8 text (it is UTF-16; save it as UTF-8)',
    );
    const cut = put('cut', Buffer.from([0x61, 0xe2, 0x82]));
    expect(errorOf(() => readText(cut, 'workload'))).toBe('1:2: the workload is not UTF-8 text');
  });
});

describe('writeFileAtomic', () => {
  test('writes, replaces, and leaves nothing else behind', () => {
    const path = join(dir, 'report.json');
    writeFileAtomic(path, 'one');
    chmodSync(path, 0o640);
    writeFileAtomic(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(dir)).toEqual(['report.json']);
  });

  test('keeps a symbolic link and writes what it leads to', () => {
    const real = put('real', 'old');
    const link = join(dir, 'link');
    symlinkSync('real', link);
    writeFileAtomic(link, 'new');
    expect(readlinkSync(link)).toBe('real');
    expect(readFileSync(real, 'utf8')).toBe('new');
  });

  test('does not replace a device', () => {
    writeFileAtomic('/dev/null', 'gone');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('leaves the old file and no temporary one when writing fails', () => {
    const path = put('report.json', 'old');
    // A limit on the size of files makes the write fail in the middle.
    const script = `
      process.on('SIGXFSZ', () => {});
      const { writeFileAtomic } = await import(${JSON.stringify(join(import.meta.dirname, 'write-file.ts'))});
      try { writeFileAtomic(process.argv[1], 'x'.repeat(1 << 22)); process.exit(0); }
      catch (e) { console.log(e.name + ': ' + e.message); process.exit(3); }`;
    const run = (): string =>
      execFileSync(
        'sh',
        [
          '-c',
          'ulimit -f 16; exec "$0" --conditions=source --input-type=module -e "$1" "$2"',
          process.execPath,
          script,
          path,
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      );
    expect(run).toThrowError(
      expect.objectContaining({
        status: 3,
        stdout: expect.stringMatching(/^InputError: error: cannot write .*report\.json: EFBIG/),
      }),
    );
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['report.json']);
  });

  test('says what is wrong with the place', () => {
    put('file', '');
    mkdirSync(join(dir, 'folder'));
    expect(errorOf(() => writeFileAtomic(join(dir, 'no/x.json'), ''))).toBe(
      'cannot write DIR/no/x.json: there is no folder DIR/no (create it first: mkdir -p DIR/no)',
    );
    expect(errorOf(() => writeFileAtomic(join(dir, 'file/x.json'), ''))).toBe(
      'cannot write DIR/file/x.json: DIR/file is not a folder',
    );
    expect(errorOf(() => writeFileAtomic(join(dir, 'folder'), ''))).toBe(
      'cannot write DIR/folder: it is a folder',
    );
  });

  test.runIf(process.getuid?.() !== 0)('says when it may not write', () => {
    chmodSync(dir, 0o500);
    expect(errorOf(() => writeFileAtomic(join(dir, 'x'), ''))).toBe(
      'cannot write DIR/x: no permission in DIR',
    );
    chmodSync(dir, 0o700);
  });
});

test('an error is shown with the line it is about', () => {
  const file = put('m.yaml', 'name: x\nseeed: 1\n');
  const span = { file, line: 2, column: 1, endColumn: 6 };
  const text = formatInputError(
    inputError('unknown-key', 'unknown key "seeed"', span, 'did you mean "seed"?'),
  );
  expect(text).toContain('m.yaml:2:1: error: unknown key "seeed"');
  expect(text).toContain('seeed: 1');
  expect(text).toContain('^^^^^');
  expect(text).toContain('did you mean "seed"?');
  rmSync(file);
  expect(formatInputError(inputError('x', 'gone', span))).toContain('m.yaml:2:1: error: gone');
});

test('the package root holds what ships', () => {
  expect(existsSync(packagePath('package.json'))).toBe(true);
});

describe('what is wrong with a Kconfig file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kmatrix-kconfig-'));
  const messages = (text: string): string[] => {
    const file = join(folder, 'Kconfig');
    writeFileSync(file, text);
    try {
      readingKconfig(() => parse(file));
      return [];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.diagnostics.map((d) => `${d.span?.line}: ${d.message}`);
    }
  };

  test('is told once for a line that has a cause of its own', () => {
    expect(messages('config A\n\tbool "a"\n\tdependz on B\n')).toEqual([
      '3: unknown statement "dependz"',
    ]);
  });

  test('is told as the grammar has it where there is no better cause', () => {
    expect(messages('config A\n\tbool "a"\n\tdepends A\n')).toHaveLength(1);
  });
});
