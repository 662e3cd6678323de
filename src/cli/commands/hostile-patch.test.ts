import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../test-io.test-util.ts';

const tree = mkdtempSync(join(tmpdir(), 'kmatrix-hostile-'));
const elsewhere = mkdtempSync(join(tmpdir(), 'kmatrix-hostile-'));
afterAll(() => {
  for (const folder of [tree, elsewhere]) rmSync(folder, { recursive: true });
});
writeFileSync(join(tree, 'Kconfig'), 'config SMP\n\tbool "smp"\n');
writeFileSync(join(tree, 'a.c'), 'int f(void)\n{\n#ifdef CONFIG_SMP\n\treturn 1;\n#endif\n}\n');
const patch = join(elsewhere, 'x.patch');

const HUNK = '@@ -1,3 +1,3 @@\n-int f(void)\n+int g(void)\n {\n #ifdef CONFIG_SMP\n';
const NEW = '@@ -0,0 +1 @@\n+#ifdef CONFIG_SMP\n';
const A = '--- a/a.c\n+++ b/a.c\n';

const FAULTS: [string, string | Buffer, number, string][] = [
  ['a way out', `--- a/a.c\n+++ b/../../etc/x\n${HUNK}`, 1, 'is no path within a tree'],
  ['a rename from outside', 'diff --git a/a b/a\nrename from ../x\nrename to y\n', 1, 'no path'],
  ['an absolute path', `--- /etc/passwd\n+++ //etc/passwd\n${HUNK}`, 1, 'no path within a tree'],
  ['the tree itself', `--- /dev/null\n+++ b/.\n${NEW}`, 1, 'is no path within a tree'],
  ['no file at all', `--- /dev/null\n+++ /dev/null\n${NEW}`, 1, 'neither before nor after'],
  [
    'new and gone',
    'diff --git a/q b/q\nnew file mode 1\ndeleted file mode 1\n',
    1,
    'neither before',
  ],
  ['binary', 'diff --git a/a b/a\nGIT binary patch\nliteral\nabc\n', 2, 'a binary change'],
  ['binaries of diff', `Binary files a/a and b/a differ\n${A}${HUNK}`, 1, 'a binary change'],
  ['a line nobody has', `${A}@@ -9999999999999999999999,1 +1,1 @@\n-x\n+y\n`, 3, 'so many lines'],
  ['more lines than there are', `${A}@@ -1,999999999 +1,1 @@\n-x\n+y\n`, 3, 'ends within a hunk'],
  ['negative numbers', `${A}@@ --1,-1 +1,1 @@\n-x\n+y\n`, 3, 'a hunk (@@ -1,2 +1,2 @@) is wanted'],
  ['a cut off mail', `From 0123456789 Mon Sep 17\n\n${A}@@ -1,3 +1,3 @@\n-x\n`, 5, 'ends within'],
  ['cut off before the hunks', A, 3, 'a hunk (@@ -1,2 +1,2 @@) is wanted'],
  ['cut off in the header', 'diff --git a/a.c b/a.c\n--- a/a.c\n', 2, 'the new file is missing'],
  ['a line of megabytes', `Subject: ${'[a] '.repeat(5 << 18)}\n${A}`, 1, 'longer than 4 MiB'],
  ['an endless subject', `Subject: ${'[a] '.repeat(1 << 19)}\n${A}`, 4, 'is wanted here'],
  ['an escape in a hunk', `${A}@@ -1 +1 @@\n\x1b[2J\n`, 4, 'not "\\u001b"'],
  ['an escape in a name', `--- "a/\\033[2J"\n+++ "b/../\\033[2J"\n${HUNK}`, 1, 'no path within'],
  ['a line too long to show', `--- a/a.c\n+++ b/../${'x'.repeat(1 << 20)}\n${HUNK}`, 1, 'no path'],
];

/** What a terminal acts on. */
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

const refs = (path = patch) =>
  run(['refs', 'SMP', '--tree', tree, '--patch', path, '--no-cache', '--jobs', '1']);

it.each(FAULTS)(
  '%s: one message with the line, and exit code 2',
  async (_, text, line, message) => {
    writeFileSync(patch, text);
    const surface = ['--left', 'SMP=n', '--patch', patch, '--no-cache', '--jobs', '1'];
    for (const ran of [await refs(), await run(['surface', '--tree', tree, ...surface])]) {
      expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
      expect(ran.err).toContain(`${patch}:${line}:1: error: `);
      expect(ran.err).toContain(message);
      expect(ran.err).not.toMatch(RAW);
      expect(ran.err.length).toBeLessThan(2000);
    }
  },
);

it.each([
  ['other line ends', (A + HUNK).replaceAll('\n', '\r\n'), 'a.c:1: the hunk fits nowhere'],
  [
    'a name of two lines',
    `--- "a/x\\n\\033[2J\\302\\233"\n+++ "b/x\\n\\033[2J\\302\\233"\n${HUNK}`,
    '"x\\n\\u001b[2J\\x9b":0: the file does not exist',
  ],
])('%s: a conflict on one line', async (_, text, message) => {
  writeFileSync(patch, text);
  const { code, err } = await refs();
  expect(code).toBe(1);
  expect(err).toBe(`${message} (${patch}:${message.startsWith('a') ? 3 : 1})\n`);
});

it('shows a new name with escapes inert', async () => {
  writeFileSync(patch, `--- /dev/null\n+++ "b/x\\n\\033[2J\\302\\233.c"\n${NEW}`);
  const { code, out } = await refs();
  expect(code).toBe(0);
  expect(out).toContain('"x\\n\\u001b[2J\\x9b.c":1');
  expect(out).not.toMatch(RAW);
});

it('places a hunk whose line lies behind the end', async () => {
  writeFileSync(patch, A + HUNK.replace('-1,3', '-900,3'));
  const { code, out, err } = await refs();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('g()');
});

it('takes bytes that are no UTF-8 from a pipe as from a file', async () => {
  const bytes = Buffer.from(
    `--- /dev/null\n+++ b/n.c\n@@ -0,0 +1 @@\n+#ifdef CONFIG_SMP // \xe4\n`,
    'latin1',
  );
  writeFileSync(patch, bytes);
  const pipe = join(elsewhere, 'full');
  execFileSync('mkfifo', [pipe]);
  execFileSync('sh', ['-c', 'cat "$1" >"$2" &', 'sh', patch, pipe], { stdio: 'ignore' });
  expect(await refs(pipe)).toEqual(await refs());
});

describe('what is no file', () => {
  const folder = join(elsewhere, 'series');
  it.each<[string, (path: string) => void, RegExp]>([
    ['a link to its folder', (path) => symlinkSync('.', path), /series\/1\.patch is no file/],
    ['a link to itself', (path) => symlinkSync('1.patch', path), /leads to itself/],
    ['a pipe', (path) => void execFileSync('mkfifo', [path]), /series\/1\.patch is no file/],
    ['a folder', (path) => mkdirSync(path), /series\/1\.patch is no file/],
  ])('%s in a series', async (_, make, message) => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    make(join(folder, '1.patch'));
    const { code, err } = await refs(folder);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it.each([
    ['x'.repeat(300), 'the name of the patch is too long'],
    ['nowhere', 'patch not found'],
  ])('%s', async (name, message) => {
    const { code, err } = await refs(join(elsewhere, name));
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
