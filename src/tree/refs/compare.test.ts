import { expect, it } from 'vitest';
import { patchTree } from '../patch/overlay.ts';
import { parsePatches } from '../patch/parse-patch.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { compareDangling, compareReferences, removedOptions } from './compare.ts';

/** In the manner of a kernel where a lock is there only in some builds. */
const FILES: Record<string, string> = {
  Kconfig: `config SMP
	bool "smp"

config VMA_LOCK
	def_bool y
	depends on SMP

config VMA_LOCK_STATS
	bool "stats"
	depends on VMA_LOCK
`,
  'lock.h': `#ifdef CONFIG_VMA_LOCK
static inline bool start_read(struct vma *vma)
{
	return try_read(vma);
}
#else
static inline bool start_read(struct vma *vma)
{
	return false;
}
#endif
`,
  'user.c': `static int fault(void)
{
	if (!IS_ENABLED(CONFIG_VMA_LOCK))
		return 0;
#ifdef CONFIG_VMA_LOCK_STATS
	count();
#endif
	return 1;
}
`,
};

/** The first patch of a series that gives the lock to every build, and forgets one place. */
const SERIES = `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: Someone <someone@example.org>
Subject: [PATCH] Give every build the lock

---
 Kconfig | 5 -----
 lock.h  | 6 ------
diff --git a/Kconfig b/Kconfig
index 111111111111..222222222222 100644
--- a/Kconfig
+++ b/Kconfig
@@ -1,10 +1,5 @@
 config SMP
 	bool "smp"
 
-config VMA_LOCK
-	def_bool y
-	depends on SMP
-
 config VMA_LOCK_STATS
 	bool "stats"
-	depends on VMA_LOCK
diff --git a/lock.h b/lock.h
index 111111111111..222222222222 100644
--- a/lock.h
+++ b/lock.h
@@ -1,11 +1,4 @@
-#ifdef CONFIG_VMA_LOCK
 static inline bool start_read(struct vma *vma)
 {
 	return try_read(vma);
 }
-#else
-static inline bool start_read(struct vma *vma)
-{
-	return false;
-}
-#endif
--
2.40
`;

async function before(): Promise<SourceTree> {
  const root = folderOf(FILES);
  return new SourceTree(root, await scanTree(root, { jobs: 1 }));
}

it('says what a series leaves dangling, which options go, and which references', async () => {
  const tree = await before();
  const {
    tree: after,
    conflicts,
    fuzzy,
    changed,
  } = patchTree(tree, parsePatches(SERIES, 's.mbox'));
  expect({ conflicts, fuzzy, changed }).toEqual({
    conflicts: [],
    fuzzy: [],
    changed: ['Kconfig', 'lock.h'],
  });
  expect(removedOptions(tree, after)).toEqual(['VMA_LOCK']);
  const found = compareReferences(tree, after, 'VMA_LOCK');
  expect(found.defined).toEqual({ before: true, after: false });
  expect(found.removed.map(({ file, line, kind }) => `${file}:${line} ${kind}`)).toEqual([
    'Kconfig:4 config',
    'Kconfig:10 depends on',
    'lock.h:1 ifdef',
  ]);
  expect(found.references).toEqual([
    {
      file: 'user.c',
      line: 3,
      kind: 'IS_ENABLED',
      in: 'fault()',
      condition: 'always',
      state: 'dangling',
      change: 'changed',
      before: { line: 3, condition: 'always', state: 'live' },
    },
  ]);
  expect((await compareDangling(tree, after)).map(({ symbol }) => symbol)).toEqual(['VMA_LOCK']);
});

it('a default a patch takes away makes a live reference dead', async () => {
  const tree = await before();
  const patch = `--- a/Kconfig
+++ b/Kconfig
@@ -4,5 +4,5 @@
 config VMA_LOCK
-	def_bool y
+	def_bool n
 	depends on SMP
 
 config VMA_LOCK_STATS
`;
  const { tree: after } = patchTree(tree, parsePatches(patch, 'p'));
  const states = compareReferences(tree, after, 'VMA_LOCK_STATS').references.map(
    ({ file, state, change, before: was }) => `${file} ${was?.state} > ${state} ${change}`,
  );
  expect(states).toEqual(['Kconfig undefined > live undefined', 'user.c live > dead changed']);
});

it('reports what does not fit with file and line', async () => {
  const tree = await before();
  const text = `--- a/user.c
+++ b/user.c
@@ -2,3 +2,3 @@
 {
-	nothing like it
+	x
 	return 0;
--- a/none.c
+++ b/none.c
@@ -1 +1 @@
-a
+b
--- /dev/null
+++ b/lock.h
@@ -0,0 +1 @@
+x
`;
  const { conflicts, tree: after } = patchTree(tree, parsePatches(text, 'p'));
  expect(conflicts.map((c) => `${c.file}:${c.line} p:${c.patchLine} ${c.message}`)).toEqual([
    'user.c:2 p:3 the hunk fits nowhere',
    'none.c:0 p:8 the file does not exist',
    'lock.h:0 p:13 the file to be created exists',
  ]);
  expect(after.text('user.c')).toBe(tree.text('user.c'));
});

it('of a file with twenty thousand references', async () => {
  const many = 'CONFIG_A1\n'.repeat(20_000);
  const root = folderOf({ Kconfig: 'config A1\n\tbool "a"\n', 'a.h': many, 'b.c': 'CONFIG_A1\n' });
  const before = new SourceTree(root, await scanTree(root, { jobs: 1 }));
  const patch = '--- a/b.c\n+++ b/b.c\n@@ -1 +1 @@\n-CONFIG_A1\n+int CONFIG_A1;\n';
  const { tree } = patchTree(before, parsePatches(patch, 'p'));
  const { references, removed } = compareReferences(before, tree, 'A1');
  expect(references.filter((one) => one.change).map(({ file }) => file)).toEqual(['b.c']);
  expect([references.length, removed.length]).toEqual([20_002, 1]);
});
