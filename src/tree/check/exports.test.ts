import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formulaText } from '../condition/formula.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { write } from '../testing/folder.test-util.ts';
import { isAmong, modulesOf } from './exports.ts';
import { linkSites } from './links.ts';

const NAMES = [
  'one',
  'few',
  'sub',
  'either',
  'hidden',
  'home',
  'away',
  'cpu',
  'split',
  'told',
  'wrapped',
];

const TREE: Readonly<Record<string, string>> = {
  Kconfig: 'config A\n\ttristate\nconfig B\n\ttristate\nconfig TEST\n\tbool\n',
  Kbuild: 'obj-y += lib/\n',
  'lib/Makefile':
    'obj-y += a.o b.o\nccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=\'"ALL"\'\nobj-m += whole.o\nwhole-y := c.o sub/d.o\n',
  'include/linux/own.h': `#if IS_MODULE(CONFIG_A)
#define SUBS own-a,own-b
#elif IS_MODULE(CONFIG_B)
#define SUBS own-b
#endif
#ifdef CONFIG_TEST
#define EXPORT_SYMBOL_IF_TEST(symbol) EXPORT_SYMBOL_NS(symbol, "TESTING")
#else
#define EXPORT_SYMBOL_IF_TEST(symbol)
#endif
#define EXPORT_SYMBOL_FOR_SUBS(symbol) \\
	EXPORT_SYMBOL_FOR_MODULES(symbol, "own," __stringify(SUBS))
#define EXPORT_LIMIT(x) x
#define OWN_EXPORT_SYMBOL(symbol) EXPORT_SYMBOL(symbol);
`,
  'lib/a.c': `#define DEFAULT_SYMBOL_NAMESPACE "OWN"
void one(void) { x++; }
EXPORT_SYMBOL_FOR_MODULES(one, "kvm");
EXPORT_SYMBOL_FOR_MODULES(few, "kvm,own-*");
EXPORT_SYMBOL_FOR_SUBS(sub);
EXPORT_SYMBOL_IF_TEST(either);
EXPORT_LIMIT(hidden);
EXPORT_SYMBOL_GPL(home);
EXPORT_SYMBOL_NS(away, "FAR");
EXPORT_PER_CPU_SYMBOL_GPL(cpu);
EXPORT_SYMBOL_NS_GPL(split,
		     "SPLIT");
`,
  'lib/b.c': 'EXPORT_SYMBOL(told);\nOWN_EXPORT_SYMBOL(wrapped)\n',
};

const root = mkdtempSync(join(tmpdir(), 'kmatrix-exports-'));
afterAll(() => rmSync(root, { recursive: true }));
let tree: SourceTree;
let lines: Record<string, string[]>;

beforeAll(async () => {
  for (const [path, text] of Object.entries(TREE)) write(root, path, text);
  tree = new SourceTree(root, await scanTree(root, { jobs: 1 }));
  const sites = await linkSites(tree, NAMES, '', { jobs: 1 });
  lines = Object.fromEntries(
    [...sites].map(([name, list]) => [
      name,
      list
        .filter(({ kind }) => kind === 'export')
        .map(
          ({ line, gpl, namespace, condition }) =>
            `${line}${gpl ? ' GPL' : ''} ${namespace} if ${formulaText(condition)}`,
        ),
    ]),
  );
});

it('reads exports by what the tree defines their macros as', () => {
  expect(lines).toEqual({
    one: ['3 GPL module:kvm if always'],
    few: ['4 GPL module:kvm,own-* if always'],
    sub: ['5 GPL module:own,own-a,own-b if A=m', '5 GPL module:own,own-b if !(A=m) && B=m'],
    either: ['6 TESTING if TEST'],
    hidden: [],
    home: ['8 GPL OWN if always'],
    away: ['9 FAR if always'],
    cpu: ['10 GPL OWN if always'],
    split: ['11 GPL SPLIT if always'],
    told: ['1 ALL if always'],
    wrapped: ['2 ALL if always'],
  });
});

it('knows which modules a namespace is for', () => {
  expect(modulesOf('CXL')).toBeUndefined();
  const modules = modulesOf('module:kvm,own-*') ?? [];
  expect(['kvm', 'own_a', 'own-b', 'kvm_a', 'ow'].filter((name) => isAmong(name, modules))).toEqual(
    ['kvm', 'own_a', 'own-b'],
  );
});

it('knows what an object is linked into', () => {
  expect(tree.kbuild.compositesOf('lib/c.c')).toEqual(['whole']);
  expect(tree.kbuild.compositesOf('lib/sub/d.c')).toEqual(['whole']);
  expect(tree.kbuild.compositesOf('lib/a.c')).toEqual([]);
});
