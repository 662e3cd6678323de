import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import { treeOf } from '../testing/references.test-util.ts';
import { applyHunks } from './apply-hunks.ts';
import { patchTree } from './overlay.ts';
import { parsePatches } from './parse-patch.ts';

interface Edit {
  readonly keep: number;
  readonly remove: number;
  readonly add: readonly string[];
}

/** A unified diff of our own making: edits to a text, each with up to three lines of context. */
function unified(
  lines: readonly string[],
  edits: readonly Edit[],
): { diff: string; after: string[] } {
  const ops: [string, string][] = [];
  let at = 0;
  for (const { keep, remove, add } of edits) {
    for (let i = 0; i < keep && at < lines.length; i++) ops.push([' ', lines[at++]!]);
    for (let i = 0; i < remove && at < lines.length; i++) ops.push(['-', lines[at++]!]);
    for (const line of add) ops.push(['+', line]);
  }
  while (at < lines.length) ops.push([' ', lines[at++]!]);
  const near = ops.map((_, i) =>
    ops.slice(Math.max(0, i - 3), i + 4).some(([sign]) => sign !== ' '),
  );
  let diff = '--- a/f\n+++ b/f\n';
  let [left, right] = [1, 1];
  for (let i = 0; i < ops.length; ) {
    let end = i;
    while (end < ops.length && near[end] === near[i]) end++;
    const part = ops.slice(i, end);
    const olds = part.filter(([sign]) => sign !== '+').length;
    const news = part.filter(([sign]) => sign !== '-').length;
    if (near[i]) {
      diff += `@@ -${olds === 0 ? left - 1 : left},${olds} +${news === 0 ? right - 1 : right},${news} @@\n`;
      diff += part.map(([sign, text]) => `${sign}${text}\n`).join('');
    }
    left += olds;
    right += news;
    i = end;
  }
  return { diff, after: ops.filter(([sign]) => sign !== '-').map(([, text]) => text) };
}

const texts = fc.array(fc.constantFrom('a', 'b', 'c', '', '}', '-x', '+y', ' z', '@@'), {
  maxLength: 40,
});
const edits = fc.array(
  fc.record({
    keep: fc.nat(9),
    remove: fc.nat(3),
    add: fc.array(fc.constantFrom('a', 'new', '', '-'), { maxLength: 3 }),
  }),
  { maxLength: 4 },
);

const whole = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

test('a diff of our own making gives the text it was made for', () => {
  fc.assert(
    fc.property(texts, edits, (lines, changes) => {
      const { diff, after } = unified(lines, changes);
      fc.pre(diff.includes('@@ -'));
      const [patch] = parsePatches(diff, 'x.patch');
      const applied = applyHunks(whole(lines), patch!.files[0]!.hunks);
      expect(applied).toEqual({ text: whole(after), misfits: [], placements: [] });
    }),
    { numRuns: 400 },
  );
});

describe('beside git', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kmatrix-git-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  /** What `git apply` makes of a text, or undefined where it refuses. */
  function gitApply(text: string, diff: string): string | undefined {
    writeFileSync(join(dir, 'f'), text);
    writeFileSync(join(dir, 'p'), diff);
    try {
      execFileSync('git', ['apply', 'p'], { cwd: dir, stdio: 'pipe' });
    } catch {
      return undefined;
    }
    return readFileSync(join(dir, 'f'), 'utf8');
  }

  test('where git apply moves hunks, they go to the same places', () => {
    let compared = 0;
    fc.assert(
      fc.property(texts, edits, texts, fc.nat(10), (lines, changes, inserted, where) => {
        const { diff } = unified(lines, changes);
        fc.pre(diff.includes('@@ -') && lines.length > 6);
        const moved = lines.toSpliced(where, 0, ...inserted.slice(0, 4));
        const expected = gitApply(whole(moved), diff);
        if (expected === undefined) return;
        compared++;
        const [patch] = parsePatches(diff, 'x.patch');
        const applied = applyHunks(whole(moved), patch!.files[0]!.hunks);
        expect(applied.misfits).toEqual([]);
        expect(applied.text).toBe(expected);
      }),
      { numRuns: 120, seed: 11 },
    );
    expect(compared).toBeGreaterThan(20);
  });
});

const names = (text: string): unknown[] =>
  parsePatches(text, 'p').map(({ subject, files }) => [
    subject,
    ...files.map((f) => `${f.from} > ${f.to}`),
  ]);

describe('parsing', () => {
  it('reads a mailbox with renames, new and removed files, quoted names', () => {
    expect(
      names(`From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001
From: A <a@example.org>
Subject: [PATCH 1/2] mm: a long
 subject

--- not a header
text
---
 a.c | 1 +
diff --git a/a.c b/a.c
index 1..2 100644
--- a/a.c
+++ b/a.c
@@ -1 +1 @@ int f(void)
-x
+y
diff --git a/old name.c b/new name.c
similarity index 100%
rename from old name.c
rename to new name.c
diff --git "a/\\303\\251.c" "b/\\303\\251.c"
new file mode 100644
--- /dev/null
+++ "b/\\303\\251.c"
@@ -0,0 +1 @@
+x
\\ No newline at end of file
--
2.40
From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001
Subject: [PATCH 2/2] second

diff --git a/gone.c b/gone.c
deleted file mode 100644
--- a/gone.c
+++ /dev/null
@@ -1 +0,0 @@
-x
`),
    ).toEqual([
      ['mm: a long subject', 'a.c > a.c', 'old name.c > new name.c', 'undefined > é.c'],
      ['second', 'gone.c > undefined'],
    ]);
  });

  it.each([
    ['nothing here', 'p holds no unified diff'],
    ['--- a/f\n+++ b/f\n', 'p:3:1'],
    ['--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n', 'p:3:1: error: the patch ends within a hunk'],
    ['--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\nb\n', 'p:5:1: error: a line of a hunk'],
    ['--- a/f\n+++ b/../../etc/x\n@@ -1 +1 @@\n-a\n+b\n', 'no path within a tree'],
    ['diff --git a/x b/x\nindex 1..2\nGIT binary patch\n', 'p:3:1: error: a binary change'],
  ])('%j is refused with a place', (text, message) => {
    expect(() => parsePatches(text, 'p')).toThrow(message);
  });
});

it('leaves context out where it has changed, and says what fits nowhere', () => {
  const diff =
    '--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n 1\n 2\n-3\n+three\n 4\n 5\n@@ -8,1 +8,1 @@\n-8\n+eight\n';
  const { hunks } = parsePatches(diff, 'p')[0]!.files[0]!;
  expect(applyHunks('0\nX\n2\n3\n4\n5\n6\n', hunks)).toMatchObject({
    text: '0\nX\n2\nthree\n4\n5\n6\n',
    placements: [{ fuzz: 1, moved: 1 }],
    misfits: [{ expected: 7 }],
  });
});

test('a series may change binary files, too', async () => {
  const tree = await treeOf({
    Kconfig: 'config A\n\tbool\n',
    'a.c': 'int a;\n',
    'old.png': '\0',
    'gone.png': '\0',
  });
  const bytes = 'GIT binary patch\nliteral 3\nKcmZQbOacG_Cji6%\n\nliteral 0\nHcmV?d00001\n\n';
  const text = `diff --git a/new.png b/new.png
new file mode 100644
index 0000000000000000000000000000000000000000..1111111111111111111111111111111111111111
${bytes}diff --git a/old.png b/old.png
index 1111111..2222222 100644
${bytes}diff --git a/gone.png b/gone.png
deleted file mode 100644
index 1111111..0000000
${bytes}diff --git a/none.png b/none.png
index 1111111..2222222 100644
${bytes}diff --git a/a.c b/a.c
--- a/a.c
+++ b/a.c
@@ -1 +1 @@
-int a;
+int b;
`;
  const { changed, conflicts, tree: after } = patchTree(tree, parsePatches(text, 'p'));
  expect(after.text('new.png')).toBe('\0ab');
  expect(changed).toEqual(['a.c', 'gone.png', 'new.png', 'old.png']);
  expect(after.text('a.c')).toBe('int b;\n');
  expect(after.has('new.png')).toBe(true);
  expect(after.has('gone.png')).toBe(false);
  expect(conflicts).toMatchObject([{ file: 'none.png', message: 'the file does not exist' }]);
});
