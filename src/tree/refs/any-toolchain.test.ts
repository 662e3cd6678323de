import { expect, it } from 'vitest';
import { lines, treeOf } from '../testing/references.test-util.ts';
import { findReferences } from './find.ts';

/** Macros as kernels have them, with answers nobody recorded and others a recorded compiler gives. */
const KCONFIG = `
success = $(shell,{ $(1); } >/dev/null 2>&1 && echo "y" || echo "n")
cc-option = $(success,$(CC) -Werror $(1) -c -x c /dev/null -o /dev/null)
cc-info := $(shell,$(srctree)/scripts/cc-version.sh $(CC))
$(error-if,$(success,test -z "$(cc-info)"),no compiler)
cc-name := $(shell,set -- $(cc-info) && echo $1)
cc-version := $(shell,set -- $(cc-info) && echo $2)
config CC_IS_GCC
	def_bool $(success,test "$(cc-name)" = GCC)
config CC_IS_CLANG
	def_bool $(success,test "$(cc-name)" = Clang)
config CLANG_VERSION
	int
	default $(cc-version) if CC_IS_CLANG
	default 0
config PAHOLE_VERSION
	int
	default "$(PAHOLE_VERSION)"
config BIG
	def_bool $(success,test "$(shell,echo __BIG__ | $(CC) -E -P -)" = 1)
config CALL0
	def_bool $(success,test "$(shell,echo __CALL0__ | $(CC) -E -P -)" = 1)
config SIGNED
	bool "signed"
	depends on $(cc-option,-mno-such-option)
config CFI
	bool "cfi"
	depends on CC_IS_CLANG && CLANG_VERSION >= 990000
config TAGS
	bool "tags"
	depends on PAHOLE_VERSION > 900
config NEVER
	bool "never"
	depends on CC_IS_GCC && CC_IS_CLANG
`;

it('what some compiler would allow is not dead, and what only the recorded one has is not always', async () => {
  const tree = await treeOf({
    Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\n',
    Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n',
    'arch/riscv/Kconfig': KCONFIG,
    'a.c': `#ifdef CONFIG_CC_IS_GCC
#endif
#ifdef CONFIG_SIGNED
#endif
#ifdef CONFIG_CFI
#endif
#ifdef CONFIG_TAGS
#endif
#ifdef CONFIG_NEVER
#endif
#ifdef CONFIG_BIG
#ifdef CONFIG_CALL0
#endif
#endif
`,
  });
  const inFile = (symbol: string): string[] =>
    lines(findReferences(tree, symbol)).filter((line) => line.startsWith('a.c'));
  expect(['CC_IS_GCC', 'SIGNED', 'CFI', 'TAGS', 'NEVER', 'CALL0'].flatMap(inFile)).toEqual([
    'a.c:1 ifdef in null if always: live',
    'a.c:3 ifdef in null if always: live',
    'a.c:5 ifdef in null if always: live',
    'a.c:7 ifdef in null if always: live',
    'a.c:9 ifdef in null if always: dead',
    'a.c:12 ifdef in null if BIG: live',
  ]);
});

it('so in a project with one tree of options', async () => {
  const tree = await treeOf({
    Kconfig: KCONFIG.replaceAll('$(success,test -z "$(cc-info)")', 'n').trimEnd(),
    'a.c': '#ifdef CONFIG_SIGNED\n#endif\n#ifdef CONFIG_NEVER\n#endif\n',
  });
  expect(lines(findReferences(tree, 'SIGNED')).at(-1)).toBe('a.c:1 ifdef in null if always: live');
  expect(lines(findReferences(tree, 'NEVER')).at(-1)).toBe('a.c:3 ifdef in null if always: dead');
});
