import { expect, it } from 'vitest';
import { conventionsOf } from './conventions.ts';

const of = (files: Record<string, string>) => conventionsOf((path) => files[path]);

it('knows none where nothing tells of any', () => {
  expect(of({})).toBeUndefined();
  expect(
    of({
      'include/linux/kconfig.h':
        '#define IS_ENABLED(option) __or(IS_BUILTIN(option), IS_MODULE(option))\n',
      'scripts/kconfig/confdata.c':
        'fprintf(fp, "#define %s%s%s %s\\n", CONFIG_, name, suffix, val);\n',
    }),
  ).toBeUndefined();
});

it('learns of macros that paste the prefix, through others, and of what they paste between', () => {
  const found = of({
    'include/linux/kconfig.h': `
#ifdef HOST
#define PFX HOST_
#elif defined(SPL)
#define PFX SPL_
#else
#define PFX
#endif
#define val_of(cfg) _val_of(PFX, cfg)
#define _val_of(pfx, cfg) __val_of(pfx, cfg)
#define __val_of(pfx, cfg) CONFIG_ ## pfx ## cfg
#define CONFIG_VALUE(option) val_of(option)
#define count(...) 1
#define paste(a, b) a ## b
#define __CONFIG_ON_1(option) __CONFIG_ON_2(option, 0)
#define __CONFIG_ON_2(option, off) paste(x, on(CONFIG_VALUE(option), 0)) (1, off)
/* #define CONFIG_NOT(option) val_of(option) */
#define CONFIG_ON(option, ...) \\
	paste(__CONFIG_ON_, count(option, ##__VA_ARGS__)) (option, ##__VA_ARGS__)
#define CONFIG_INT(option, int_option) CONFIG_ON(option, (CONFIG_VALUE(int_option)), (0))
#define IS_ON(option) on(option, 0)
`,
  });
  expect(found?.macros).toEqual(['CONFIG_INT', 'CONFIG_ON', 'CONFIG_VALUE']);
  expect(found?.phases).toEqual(['HOST_', 'SPL_']);
  expect(
    of({ 'src/include/kconfig.h': '#define CONFIG(option) enabled(CONFIG_##option)\n' }),
  ).toEqual({
    macros: ['CONFIG'],
    phases: [],
    affixes: [],
    bare: false,
    prefixes: [],
    embedded: {},
  });
});

it('learns of names from what writes them', () => {
  const written = (path: string, text: string) => of({ [path]: text })?.affixes;
  expect(
    written(
      'scripts/kconfig/confdata.c',
      `fprintf(out, "#define ENABLE_%s 0\\n", name);
fprintf(out, "# define IF_%s(...) __VA_ARGS__ \\"CONFIG_%s\\"\\n", name, name);
fprintf(out, "#define IF_NOT_%s(...)\\n", name);
fprintf(out, "#define CONFIG_%s_MODULE 1\\n", name);
fprintf(out, "#define ENABLE_%s 1\\n", name);
`,
    ),
  ).toEqual([
    { before: 'ENABLE_', after: '', called: false, always: true },
    { before: 'IF_NOT_', after: '', called: true, always: true },
    { before: 'IF_', after: '', called: true, always: true },
  ]);
  expect(
    written('scripts/make.sh', "-e 's/.*/#define USE_&(...)/p' \\\n-e 's/.*/#define CFG_& 0/p'\n"),
  ).toEqual([
    { before: 'CFG_', after: '', called: false, always: true },
    { before: 'USE_', after: '', called: true, always: true },
  ]);
  expect(
    written(
      'extra/scripts/conf-header.sh',
      "-e '/^[^#]/s:^\\([^=]*\\)=\\(.*\\):#define __\\1__ \\2:' \\\n",
    ),
  ).toEqual([{ before: '__', after: '__', called: false, always: false }]);
});

it('learns what C files hold for others', () => {
  const script = "sed -n 's@^//kbuild:@@p' x | y\nsed -n 's@^//config:@@p' x | y\n";
  expect(of({ 'scripts/gen_build_files.sh': script })?.embedded).toEqual({
    kconfig: '//config:',
    makefile: '//kbuild:',
  });
  expect(
    of({ 'scripts/genconfig.sh': "sed -n '/^\\*\\//q;/^config [A-Z]/,$p' $i\n" })?.embedded,
  ).toEqual({
    stanzas: true,
  });
});

it('learns of prefixes other than CONFIG_', () => {
  expect(of({ 'extra/config/Makefile': `FLAGS += -DCONFIG_='""'\n` })?.bare).toBe(true);
  expect(
    of({ 'payloads/libpayload/Makefile': 'export CONFIG_ := CONFIG_LP_\n' })?.prefixes,
  ).toEqual(['LP_']);
});

it('learns nothing of a header that is made to take long', () => {
  const paste = '#define LAST(a) CONFIG_ ## a\n';
  const chain = Array.from({ length: 60_000 }, (_, i) => `#define M${i}(a) M${i + 1}(a)\n`).join(
    '',
  );
  const calls = `#define Y ${'LAST('.repeat(300_000)}\n`;
  for (const more of [chain, calls, '/* '.repeat(500_000)]) {
    const found = of({ 'include/linux/kconfig.h': paste + more });
    expect(found?.macros ?? []).toEqual(more === chain ? [] : ['LAST']);
  }
});
