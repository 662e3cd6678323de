import { describe, expect, it } from 'vitest';
import { patchTree } from '../patch/overlay.ts';
import { parsePatches } from '../patch/parse-patch.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { PASTING_HEADER } from '../testing/conventions.test-util.ts';
import { lines, treeOf } from '../testing/references.test-util.ts';
import { findDangling, findReferences } from './find.ts';

async function dangling(tree: SourceTree): Promise<Record<string, string[]>> {
  const found = await findDangling(tree);
  return Object.fromEntries(
    found.map(({ symbol, references }) => [
      symbol,
      references.map(({ file, line, kind }) => `${file}:${line} ${kind}`),
    ]),
  );
}

describe('macros that paste the prefix and the build', () => {
  const FILES = {
    'include/linux/kconfig.h': PASTING_HEADER,
    Kconfig: `config DM_X
	bool "x"
config SPL_DM_X
	bool "x in SPL"
config SPL_ONLY
	bool "only"
config SPL_BUILD
	bool "build"
config LONELY
	bool "lonely"
`,
    Makefile: 'obj-$(CONFIG_$(PHASE_)DM_X) += a.o\nobj-$(CONFIG_$(PHASE_)GONE_A) += b.o\n',
    'a.c': `/* CONFIG_IS_ENABLED(DM_X) and CONFIG_IS_ENABLED() */
#if CONFIG_IS_ENABLED(DM_X)
int f(void)
{
	if (CONFIG_IS_ENABLED(
		DM_X))
		return CONFIG_VAL(GONE_B);
	return CONFIG_IS_ENABLED(ONLY, (1), (0)) + CONFIG_IS_ENABLED(CONFIG_LONELY);
}
#endif
#if CONFIG_IS_ENABLED(LONELY)
int g;
#endif
`,
  };

  it('gives the option, in each build', async () => {
    const tree = await treeOf(FILES);
    expect(lines(findReferences(tree, 'DM_X'))).toMatchInlineSnapshot(`
      [
        "Kconfig:1 config in null if always: live",
        "Makefile:1 object in null if always: live",
        "a.c:1 comment in null if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): live",
        "a.c:2 if in null if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): always",
        "a.c:6 CONFIG_IS_ENABLED in f() if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): live",
      ]
    `);
    expect(lines(findReferences(tree, 'SPL_DM_X'))).toMatchInlineSnapshot(`
      [
        "Kconfig:3 config in null if always: live",
        "Makefile:1 object in null if always: live",
        "a.c:1 comment in null if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): live",
        "a.c:2 if in null if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): always",
        "a.c:6 CONFIG_IS_ENABLED in f() if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): live",
      ]
    `);
    expect(lines(findReferences(tree, 'SPL_ONLY'))).toMatchInlineSnapshot(`
      [
        "Kconfig:5 config in null if always: live",
        "a.c:8 CONFIG_IS_ENABLED in f() if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): live",
      ]
    `);
    expect(lines(findReferences(tree, 'LONELY'))).toMatchInlineSnapshot(`
      [
        "Kconfig:9 config in null if always: live",
        "a.c:8 value in f() if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): live",
        "a.c:11 if in null if (DM_X!=n && !(building SPL)) || (building SPL && SPL_DM_X!=n): live",
      ]
    `);
  });

  it('tells which of what they are handed no build has', async () => {
    expect(await dangling(await treeOf(FILES))).toEqual({
      GONE_A: ['Makefile:2 object'],
      GONE_B: ['a.c:7 CONFIG_VAL'],
    });
  });

  it('knows them in what a patch adds', async () => {
    const tree = await treeOf(FILES);
    const patch = `--- a/a.c
+++ b/a.c
@@ -11,3 +11,4 @@
 #if CONFIG_IS_ENABLED(LONELY)
 int g;
 #endif
+int h = CONFIG_IS_ENABLED(GONE_C);
`;
    const { tree: after, conflicts } = patchTree(tree, parsePatches(patch, 'p'));
    expect(conflicts).toEqual([]);
    expect(await dangling(after)).toHaveProperty('GONE_C', ['a.c:14 CONFIG_IS_ENABLED']);
  });
});

describe('names made of the option', () => {
  const FILES = {
    'scripts/kconfig/confdata.c': `w("#define CONFIG_%s 1\\n"); w("#define ENABLE_%s 0\\n"); w("#define IF_%s(...)\\n");
w("#define IF_NOT_%s(...) __VA_ARGS__\\n");
`,
    'scripts/gen_build_files.sh': "sed -n 's@^//kbuild:@@p'\nsed -n 's@^//config:@@p'\n",
    'Config.in': 'config DESKTOP\n\tbool "desktop"\nsource coreutils/Config.in\n',
    'coreutils/Kbuild.src': 'lib-y:=\n\nINSERT\n',
    Makefile: 'libs-y := coreutils/\n',
    'coreutils/Config.src': 'config VERBOSE\n\tbool "verbose"\n\tdepends on DESKTOP\nINSERT\n',
    'coreutils/cat.c': `//config:config CAT
//config:	bool "cat"
//config:	depends on DESKTOP
//config:	help
//config:	config WRONG, CONFIG_CAT
//config:
//config:config FEATURE_CATN
//config:	bool "n"
//config:	depends on CAT
//applet:IF_CAT(APPLET(cat))
//kbuild:lib-$(CONFIG_CAT) += cat.o
#define ENABLE_OWN_CODE 1
#if ENABLE_FEATURE_CATN
int cat(void)
{
	IF_FEATURE_CATN(n();)
	IF_NOT_FEATURE_CATN(m();)
	if (ENABLE_GONE_AWAY || ENABLE_OWN_CODE)
		return IF_NOT_GONE_AWAY(1) + IF_DESKTOP;
}
#endif
`,
  };

  it('gives statements and lines in comments, and uses', async () => {
    const tree = await treeOf(FILES);
    expect([...tree.index.defined].sort()).toEqual(['CAT', 'DESKTOP', 'FEATURE_CATN', 'VERBOSE']);
    expect(lines(findReferences(tree, 'CAT'))).toMatchInlineSnapshot(`
      [
        "coreutils/cat.c:1 config in null if always: live",
        "coreutils/cat.c:5 comment in null if always: live",
        "coreutils/cat.c:9 depends on in FEATURE_CATN if always: live",
        "coreutils/cat.c:10 IF_X in null if always: live",
        "coreutils/cat.c:11 object in null if always: live",
      ]
    `);
    expect(lines(findReferences(tree, 'FEATURE_CATN'))).toMatchInlineSnapshot(`
      [
        "coreutils/cat.c:7 config in null if always: live",
        "coreutils/cat.c:13 if in null if CAT!=n: live",
        "coreutils/cat.c:16 IF_X in cat() if CAT!=n && FEATURE_CATN!=n: always",
        "coreutils/cat.c:17 IF_NOT_X in cat() if CAT!=n && FEATURE_CATN!=n: dead",
      ]
    `);
  });

  it('tells which of them are of no option', async () => {
    expect(await dangling(await treeOf(FILES))).toEqual({
      GONE_AWAY: ['coreutils/cat.c:18 ENABLE_X', 'coreutils/cat.c:19 IF_NOT_X'],
    });
  });
});

it('gives stanzas and uses in the comment at the head of a file', async () => {
  const tree = await treeOf({
    'scripts/make.sh': "-e 's/.*/#define CFG_& 0/p' -e 's/.*/#define USE_&(...)/p'\n",
    'scripts/genconfig.sh': "sed -n '/^\\*\\//q;/^config [A-Z]/,$p' $i\n",
    'Config.in': 'source generated/Config.in\nconfig TOYBOX_FLOAT\n\tbool "float"\n',
    'toys/posix/README': 'Posix\n',
    'toys/posix/cat.c': `/* cat.c
USE_CAT(NEWTOY(cat, "u"))

config CAT
  bool "cat"
  help
    usage: cat
*/
int f(void) { return CFG_TOYBOX_FLOAT; }
`,
  });
  expect(lines(findReferences(tree, 'CAT'))).toMatchInlineSnapshot(`
    [
      "toys/posix/cat.c:2 USE_X in null if always: live",
      "toys/posix/cat.c:4 config in null if always: live",
    ]
  `);
  expect(lines(findReferences(tree, 'TOYBOX_FLOAT'))).toMatchInlineSnapshot(`
    [
      "Config.in:2 config in null if always: live",
      "toys/posix/cat.c:9 CFG_X in f() if always: live",
    ]
  `);
  expect(await dangling(tree)).toEqual({});
});

it('takes names between underscores for options where there are such, and names without a prefix in Makefiles', async () => {
  const tree = await treeOf({
    'extra/scripts/conf-header.sh': "-e '/^[^#]/s:^\\([^=]*\\)=\\(.*\\):#define __\\1__ \\2:'\n",
    'extra/config/Makefile': `FLAGS += -DCONFIG_='""'\n`,
    'extra/Configs/Config.in': 'config HAS_LFS\n\tbool "lfs"\nsource extra/Configs/Config.sh\n',
    'extra/Configs/Config.sh': 'config CONFIG_SH4\n\tbool "sh4"\n',
    'Makefile.in':
      'objs-$(HAS_LFS) += a.o\nx-$(CONFIG_SH4) += y\nifeq ($(HAS_LFS),y)\nX := $(TARGET_ARCH)\nendif\n',
    'a.c': '#ifdef __HAS_LFS__\nint a = __GNUC_MINOR__;\n#endif\n',
  });
  expect(lines(findReferences(tree, 'HAS_LFS'))).toMatchInlineSnapshot(`
    [
      "Makefile.in:1 object in null if always: live",
      "Makefile.in:3 conditional in null if always: live",
      "a.c:1 ifdef in null if always: live",
      "extra/Configs/Config.in:1 config in null if always: live",
    ]
  `);
  expect(await dangling(tree)).toEqual({});
});

it('takes what a part of the sources writes with a prefix of its own for its options', async () => {
  const tree = await treeOf({
    'src/include/kconfig.h': '#define CONFIG(option) config_enabled(CONFIG_##option)\n',
    'src/Kconfig': 'config MAINBOARD_A\n\tbool "a"\n',
    'payloads/libpayload/Kconfig': 'config USB_EHCI\n\tbool "usb"\n',
    'payloads/libpayload/Makefile': 'export CONFIG_ := CONFIG_LP_\n',
    'payloads/libpayload/usb.c': '#if CONFIG(LP_USB_EHCI)\nint a = CONFIG_LP_GONE_USB;\n#endif\n',
    'src/a.c': 'int b = CONFIG(MAINBOARD_A) + CONFIG(GONE_BOARD);\n',
  });
  expect(lines(findReferences(tree, 'USB_EHCI'))).toMatchInlineSnapshot(`
    [
      "payloads/libpayload/Kconfig:1 config in null if always: live",
      "payloads/libpayload/usb.c:1 if in null if always: live",
    ]
  `);
  expect(lines(findReferences(tree, 'MAINBOARD_A'))).toMatchInlineSnapshot(`
    [
      "src/Kconfig:1 config in null if always: live",
      "src/a.c:1 CONFIG in b if always: live",
    ]
  `);
  expect(Object.keys(await dangling(tree))).toEqual(['GONE_BOARD', 'LP_GONE_USB']);
});
