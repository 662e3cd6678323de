import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesNamed } from './file-arguments.ts';
import type { Io } from './io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'kmatrix-files-'));
afterAll(() => rmSync(cwd, { recursive: true }));
mkdirSync(join(cwd, 'net/usb'), { recursive: true });
for (const name of ['b.c', 'a.c', 'a.h', '[odd].c', 'net/x.c', 'net/usb/y.c'])
  writeFileSync(join(cwd, name), '');
const io = { cwd } as Io;

describe('files named by arguments', () => {
  it.each([
    [
      ['b.c', 'a.c'],
      ['b.c', 'a.c'],
    ],
    [['*.c'], ['[odd].c', 'a.c', 'b.c']],
    [['**/*.c'], ['[odd].c', 'a.c', 'b.c', 'net/usb/y.c', 'net/x.c']],
    [
      ['net/**/*.c', 'net/x.c', '{a,b}.c'],
      ['net/usb/y.c', 'net/x.c', 'a.c', 'b.c'],
    ],
    [['[odd].c'], ['[odd].c']],
    [['missing.c'], ['missing.c']],
  ])('%j', (args, files) => {
    expect(filesNamed(args, io)).toEqual(files);
  });

  it('must be some for each pattern', () => {
    expect(() => filesNamed(['a.c', '*.rs'], io)).toThrow('no file matches *.rs');
  });
});
