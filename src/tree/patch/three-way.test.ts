import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf, write } from '../testing/folder.test-util.ts';
import { compareWithGit, git } from './beside-git.test-util.ts';
import { changes } from './diff-lines.ts';
import { GitObjects } from './git-objects.ts';
import { patchTree } from './overlay.ts';
import { parsePatches } from './parse-patch.ts';

const lists = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

test('changes turn one list into the other, and are as few lines as can be', () => {
  const longest = (a: readonly string[], b: readonly string[]): number => {
    const row = new Array(b.length + 1).fill(0);
    for (const x of a) {
      for (let j = 0, corner = 0; j < b.length; j++) {
        const above = row[j + 1];
        row[j + 1] = x === b[j] ? corner + 1 : Math.max(above, row[j]);
        corner = above;
      }
    }
    return row[b.length];
  };
  fc.assert(
    fc.property(lists, lists, (base, other) => {
      const list = changes(base, other);
      const made: string[] = [];
      let at = 0;
      let lines = 0;
      for (const [i, { from, to, start, end }] of list.entries()) {
        if (i > 0) expect(from).toBeGreaterThan(at);
        made.push(...base.slice(at, from), ...other.slice(start, end));
        lines += to - from + end - start;
        at = to;
      }
      expect([...made, ...base.slice(at)]).toEqual(other);
      expect(lines).toBe(base.length + other.length - 2 * longest(base, other));
    }),
    { numRuns: 500 },
  );
});

test('git apply -3 makes the same of random edits', () => {
  const { clean, conflicts } = compareWithGit(25, 3);
  expect(clean).toBeGreaterThan(3);
  expect(conflicts).toBeGreaterThan(3);
});

describe('contents kept by git', () => {
  it('are found loose, packed as deltas, and lent, by the beginnings of their ids', () => {
    const root = folderOf({});
    git(root, 'init', '-q', 'one');
    const one = join(root, 'one');
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i} ${'x'.repeat(i % 40)}`);
    for (let n = 0; n < 12; n++) {
      lines[n * 20] = `changed ${n}`;
      write(one, 'f', lines.join('\n'));
      write(one, `d/g${n}`, `${n}`);
      git(one, 'add', '.');
      git(one, 'commit', '-qm', 'x');
    }
    git(one, 'repack', '-adfq', '--depth=20');
    write(one, 'f', 'loose');
    const loose = git(one, 'hash-object', '-w', 'f').trim();
    git(root, 'clone', '-q', '--shared', 'one', 'two');
    git(one, 'worktree', 'add', '-q', join(root, 'three'));
    const ids = git(one, 'rev-list', '--objects', 'HEAD').split('\n');
    const blobs = [
      loose,
      ...ids.filter((id) => / (?:f|d\/g\d+)$/.test(id)).map((id) => id.slice(0, 40)),
    ];
    expect(blobs.length).toBeGreaterThan(20);
    for (const tree of ['one', 'two', 'three']) {
      const objects = new GitObjects(join(root, tree));
      for (const id of blobs) {
        const content = git(one, 'cat-file', 'blob', id);
        expect(objects.blob(id.slice(0, 12))?.toString('latin1')).toBe(content);
      }
      expect(objects.blob('0123456789')).toBeUndefined();
    }
  });

  it('are left alone where they are damaged', () => {
    const root = folderOf({ f: 'text' });
    git(root, 'init', '-q');
    const id = git(root, 'hash-object', '-w', 'f').trim();
    const path = join(root, '.git/objects', id.slice(0, 2), id.slice(2));
    expect(existsSync(path)).toBe(true);
    write(root, `.git/objects/${id.slice(0, 2)}/${'0'.repeat(38)}`, 'no object');
    write(root, '.git/objects/pack/a.idx', 'no index');
    // Nobody will ever write to these.
    for (const path of ['pack/b.idx', 'info/alternates', `${id.slice(0, 2)}/${'1'.repeat(38)}`]) {
      execFileSync('mkfifo', [join(root, '.git/objects', path)]);
    }
    expect(new GitObjects(root).blob(id)?.toString()).toBe('text');
    expect(new GitObjects(root).blob(`${id.slice(0, 2)}000000`)).toBeUndefined();
    expect(new GitObjects(root).blob(`${id.slice(0, 2)}111111`)).toBeUndefined();
  });
});

describe('a tree that has gone on', () => {
  const ten = Array.from({ length: 10 }, (_, i) => `int v${i};\n`);
  const changed = (...lines: [number, string][]): string =>
    ten.map((line, i) => lines.find(([at]) => at === i)?.[1] ?? line).join('');

  /** A checkout whose file is `ours`, and a patch that made `theirs` of `base`. */
  async function patched(base: string, ours: string, theirs: string, cut = (diff: string) => diff) {
    const root = folderOf({ Kconfig: '', 'a.c': base });
    git(root, 'init', '-q');
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'base');
    writeFileSync(join(root, 'a.c'), theirs);
    const diff = cut(git(root, 'diff'));
    writeFileSync(join(root, 'a.c'), ours);
    const tree = new SourceTree(root, await scanTree(root));
    return patchTree(tree, parsePatches(diff, 'p'));
  }

  it('takes a patch whose context has changed', async () => {
    const ours = changed([3, 'int w3;\n'], [7, 'long v7;\n']);
    const found = await patched(ten.join(''), ours, changed([5, '#ifdef CONFIG_NEW_ONE\n']));
    expect(found.conflicts).toEqual([]);
    expect(found.tree.text('a.c')).toBe(
      changed([3, 'int w3;\n'], [5, '#ifdef CONFIG_NEW_ONE\n'], [7, 'long v7;\n']),
    );
    expect(found.tree.index.names).toEqual(['NEW_ONE']);
  });

  it('says at which line both changed the same', async () => {
    const ours = `\n${changed([5, 'int ours;\n'])}`;
    const found = await patched(ten.join(''), ours, changed([1, 'x;\n'], [5, 'int theirs;\n']));
    expect(found.conflicts).toEqual([
      { file: 'a.c', line: 7, patch: 'p', patchLine: 1, message: 'both sides changed these lines' },
    ]);
    expect(found.tree.text('a.c')).toBe(`\n${changed([1, 'x;\n'], [5, 'int ours;\n'])}`);
  });

  it('falls back on places that fit where the content is not known', async () => {
    const found = await patched(ten.join(''), `\n${ten.join('')}`, changed([5, 'new;\n']), (diff) =>
      diff.replace(/^index .*$/m, 'index 0123456789..1234567890 100644'),
    );
    expect(found.conflicts).toEqual([]);
    expect(found.fuzzy).toMatchObject([{ file: 'a.c', moved: 1, fuzz: 0 }]);
    expect(found.tree.text('a.c')).toBe(`\n${changed([5, 'new;\n'])}`);
  });
});

describe('kinds of changes', () => {
  /** What a series of commits makes of a tree, by git and by us. */
  async function series(files: Record<string, string>, ...steps: ((root: string) => void)[]) {
    const root = folderOf({ Kconfig: '', ...files });
    git(root, 'init', '-q');
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'base');
    for (const step of steps) {
      step(root);
      git(root, 'add', '-A');
      git(root, 'commit', '-qm', 'step');
    }
    const diff = git(root, 'format-patch', '--stdout', '-M', '-C', `HEAD~${steps.length}`);
    const after = new SourceTree(root, await scanTree(root));
    const expected = after.index.files.map((path) => [path, after.text(path)]);
    git(root, 'checkout', '-q', `HEAD~${steps.length}`);
    const { tree, conflicts } = patchTree(
      new SourceTree(root, await scanTree(root)),
      parsePatches(diff, 'p'),
    );
    expect(conflicts).toEqual([]);
    expect(tree.index.files.map((path) => [path, tree.text(path)])).toEqual(expected);
    return diff;
  }
  const long = (name: string): string =>
    Array.from({ length: 20 }, (_, i) => `${name}${i}\n`).join('');

  it('renames, copies, new and removed files, modes, CRLF, no line end, links', async () => {
    const diff = await series(
      {
        a: long('a'),
        b: long('b'),
        'c d': long('c'),
        crlf: 'x\r\ny\r\nz\r\n',
        run: 'x\n',
        gone: 'x\n',
      },
      (root) => {
        git(root, 'mv', 'a', 'moved');
        write(root, 'b', long('b').replace('b3', 'other'));
        write(root, 'b copy', long('b').replace('b7', 'CONFIG_B7'));
        write(root, 'crlf', 'x\r\nY\r\nz');
        git(root, 'rm', '-q', 'gone');
        write(root, 'new', 'no end');
        git(root, 'update-index', '--chmod=+x', 'run');
        execLink(root);
      },
      (root) => {
        write(root, 'new', 'an end\n');
        git(root, 'mv', 'moved', 'a');
        write(root, 'link', 'a file now');
      },
    );
    expect(diff).toMatch(/^rename from a$/m);
    expect(diff).toMatch(/^copy to b copy$/m);
    expect(diff).toMatch(/^new file mode 120000$/m);
  });

  it('two files that change places', async () => {
    const diff = await series({ a: long('a'), b: long('b') }, (root) => {
      write(root, 'a', long('b'));
      write(root, 'b', long('a'));
    });
    expect(diff).toBeTruthy();
    const swap = `diff --git a/a b/b
similarity index 100%
rename from a
rename to b
diff --git a/b b/a
similarity index 100%
rename from b
rename to a
`;
    const root = folderOf({ a: 'A', b: 'B' });
    const { tree, conflicts } = patchTree(
      new SourceTree(root, await scanTree(root)),
      parsePatches(swap, 'p'),
    );
    expect([conflicts, tree.text('a'), tree.text('b')]).toEqual([[], 'B', 'A']);
  });
});

function execLink(root: string): void {
  git(
    root,
    'update-index',
    '--add',
    '--cacheinfo',
    `120000,${git(root, 'hash-object', '-w', 'run').trim()},link`,
  );
  git(root, 'checkout', '-q', 'link');
}
