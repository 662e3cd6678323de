import { expect, it } from 'vitest';
import { treeOf } from '../testing/references.test-util.ts';
import type { CheckCell } from './api.ts';
import { checkFiles } from './check.ts';
import { SMALL_TREE } from './small-tree.test-util.ts';

const cells = ['LOCK', 'LOCK WERROR', ''].map((names): CheckCell => {
  const on = names.split(' ');
  return {
    id: names,
    arch: '',
    module: false,
    values: (one) => (on.includes(one) ? 'y' : 'n'),
    autoconf: on.map((name) => (name ? `#define CONFIG_${name} 1\n` : '')).join(''),
  };
});

const HEADER = `typedef char mac_t[6];
struct one { char *name; const char *text; char in[4]; int n; };
#ifdef CONFIG_LOCK
#define LOST const
#else
#define LOST
#endif
typedef LOST struct one one_t;
LOST struct one *make(void);
one_t *made(void);
void take(struct one *);
void take_const(const struct one *);
void take_text(char *);
void take_any(void *);
void take_many(char **);
struct ops { LOST char *label; void (*call)(char *); char *out; LOST struct one *head; };
extern LOST mac_t address;
#define steady(x) ((struct one *)(x))
`;

const MAKEFILES = {
  'old flags': {
    Makefile:
      'KBUILD_CFLAGS := -Wall\nKBUILD_CFLAGS-$(CONFIG_WERROR) += -Werror\nKBUILD_CFLAGS += $(KBUILD_CFLAGS-y)\n',
  },
  'an included file': {
    Makefile: 'include $(srctree)/scripts/Makefile.warn\n',
    'scripts/Makefile.warn':
      'ifneq ($(findstring e, $(KBUILD_EXTRA_WARN))$(CONFIG_WERROR),)\nKBUILD_CPPFLAGS += -Werror\nendif\n',
  },
} as const;

async function toldOf(
  body: string,
  files: Readonly<Record<string, string>> = MAKEFILES['old flags'],
) {
  const tree = await treeOf({
    ...SMALL_TREE,
    ...files,
    Makefile: `${SMALL_TREE.Makefile}${files.Makefile}`,
    'include/linux/new.h': HEADER,
    'driver.c': `#include <linux/new.h>\n${body}`,
  });
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], cells, { jobs: 1 });
  return cells.map((_, at) =>
    file?.apis.flatMap(({ name, cells: all }) => {
      const cell = all[at];
      return cell?.reason ? [`${cell.breaks ? 'breaks' : cell.state}: ${name} ${cell.reason}`] : [];
    }),
  );
}

it.each(Object.entries(MAKEFILES))(
  'discards const: an error where %s make warnings errors',
  async (_, files) => {
    const told = await toldOf(
      'int f(void)\n{\n\tstruct one *one = make();\n\ttake(make());\n\treturn one->n;\n}\n',
      files,
    );
    const given = 'make gives const struct one *, line 4 wants struct one *: const is discarded';
    const taken =
      'take takes as argument 1 struct one *, line 5 gives const struct one *: const is discarded';
    expect(told).toEqual([
      [`real: ${given}, which is a warning`, `real: ${taken}, which is a warning`],
      [`breaks: ${given}`, `breaks: ${taken}`],
      [],
    ]);
  },
);

it('says nothing where flags turn the warning off, and lets flags of a folder make it an error', async () => {
  const body = 'void f(void) { take(make()); }\n';
  const flags = (text: string) => ({ Makefile: text });
  expect(await toldOf(body, flags('KBUILD_CFLAGS := -Wno-discarded-qualifiers\n'))).toEqual([
    [],
    [],
    [],
  ]);
  const error = [expect.stringMatching(/^breaks: take /)];
  expect(await toldOf(body, flags('KBUILD_CFLAGS := -Werror\n'))).toEqual([error, error, []]);
  const undone = flags('KBUILD_CFLAGS := -Werror -Wno-error=discarded-qualifiers\n');
  expect(await toldOf(body, undone)).toEqual([
    [expect.stringMatching(/^real: take /)],
    [expect.stringMatching(/^real: take /)],
    [],
  ]);
});

const LOSES = {
  'a member of what is const': 'take_text(make()->in);',
  'the address of such': 'take_any(&make()->n);',
  'a typedef of what is const': 'take(made());',
  'an array by a typedef': 'take_text(address);',
  'a member': 'take_text(o->label);',
  'a member that is set': 'o->out = o->label;',
  'a member that is begun with': 'struct ops p = { .out = o->label }; own(&p);',
  'a function that a member points to': 'o->call(o->label);',
  'one branch': 'take(one ? one : make());',
  'the other branch': 'take(one ? make() : (void *)0);',
  'a function of the file': 'own(make());',
  'pointers one further': 'take(make() + 1);',
  typeof: 'typeof(*make()) x = *make(); take(&x);',
  'a local variable': 'LOST struct one *x = one; take(x);',
  'a parameter': 'take(given);',
  'an array of the function': 'LOST char text[3] = "ab"; take_text(text);',
};

it.each(Object.entries(LOSES))('loses const: %s', async (_, code) => {
  const told = await toldOf(
    `static void own(void *p) { }\nvoid f(struct ops *o, struct one *one, LOST struct one *given)\n{\n\t${code}\n}\n`,
  );
  expect(told[1]).toEqual([expect.stringMatching(/^breaks: .*: const is discarded$/)]);
  expect(told[2]).toEqual([]);
});

const KEEPS = {
  'a pointer in what is const': 'take_text(make()->name);',
  'a cast': 'take((struct one *)make());',
  'a macro that casts': 'take(steady(make()));',
  'a pointer that is const itself': 'struct one *const p = one; take(p);',
  'a pointer to a pointer': 'take_any(&o->label);',
  'what wants const': 'take_const(make()); take_const(one);',
  'a text': 'take_text("text"); o->out = "text";',
  'a copy': 'struct one copy = *make(); take(&copy);',
  'a copy of a type of its own': '__auto_type copy = *make(); take(&copy);',
  'typeof without qualifiers': '__typeof_unqual__(*make()) copy = *make(); take(&copy);',
  'typeof of what braces give': 'typeof(({ *make(); })) copy = *make(); take(&copy);',
  'a type that is not known': 'typeof(_Generic(0, default: make())) p = make(); take(p);',
  null: 'take((void *)0); take(0);',
  'what a branch without const gives': 'take(one ? one : (void *)0);',
  sizeof: 'take_any((void *)sizeof(*make()));',
};

it.each(Object.entries(KEEPS))('keeps const, or has none: %s', async (_, code) => {
  const told = await toldOf(`void f(struct ops *o, struct one *one)\n{\n\t${code}\n}\n`);
  expect(told).toEqual([[], [], []]);
});

const OWN = `struct mine { struct one *head; LOST struct one *first; };
static struct one *mine_get(LOST struct one *one, char **names) { return 0; }
static void mine_put(struct one *one) { }
static LOST struct one *kept;
`;

const LOSES_ITS_OWN: Record<string, [code: string, name: string, reason: string]> = {
  'to a local variable from a parameter': [
    'struct one *p = given;',
    'f',
    'puts const struct one *, line 9 wants struct one *',
  ],
  'to a function of its own from a parameter': [
    'mine_put(given);',
    'mine_put',
    'takes as argument 1 struct one *, line 9 gives const struct one *',
  ],
  'to a member of its own': [
    'm->head = given;',
    'struct mine.head',
    'is struct one *, line 9 gives const struct one *',
  ],
  'from a member of its own': [
    'struct one *p = m->first;',
    'struct mine.first',
    'gives const struct one *, line 9 wants struct one *',
  ],
  'from a variable of its own': [
    'one = kept;',
    'kept',
    'gives const struct one *, line 9 wants struct one *',
  ],
  'to a function that a local variable points to': [
    'void (*put)(struct one *) = mine_put; put(given);',
    'f',
    'puts const struct one *, line 9 wants struct one *',
  ],
  'to a function by its address': [
    '(*&mine_put)(given);',
    'f',
    'puts const struct one *, line 9 wants struct one *',
  ],
  'by what it gives': ['return given;', 'f', 'puts const struct one *, line 9 wants struct one *'],
  'in a loop': [
    'for (struct one *p = given; p; p++) ;',
    'f',
    'puts const struct one *, line 9 wants struct one *',
  ],
};

it.each(Object.entries(LOSES_ITS_OWN))('loses const on its own: %s', async (_, told) => {
  const [code, name, reason] = told;
  const all = await toldOf(
    `${OWN}static struct one *f(struct mine *m, struct one *one, LOST struct one *given)
{
	(void)m;
	${code}
	return one;
}
`,
  );
  const text = `${name} ${reason}: const is discarded`;
  expect(all).toEqual([[`real: ${text}, which is a warning`], [`breaks: ${text}`], []]);
});

const DEEPER = {
  'to a function of others': 'take_many(names);',
  'to one of its own': 'mine_get(one, names);',
  'to a local variable': 'char **all = names;',
  'to what wants const': 'const char *const *all = plain; LOST char **more = names; names = plain;',
  'of addresses': 'LOST char *name = 0; take_many(&name);',
  'of an array': 'LOST char *list[2]; take_many(list);',
  'three deep': 'LOST char ***all = 0; char ***other = all;',
};

const FLAGS = {
  Makefile: 'KBUILD_CFLAGS := -Wall\nKBUILD_CFLAGS += -Werror=incompatible-pointer-types\n',
};

it.each(Object.entries(DEEPER))('pointers to pointers of others: %s', async (_, code) => {
  const body = `${OWN}void f(struct one *one, char **plain, LOST char **names)\n{\n\t${code}\n}\n`;
  const loses = code.includes('plain;') ? 'any' : 'LOCK';
  const told = await toldOf(body, FLAGS);
  const error = [
    expect.stringMatching(/^breaks: .*: what these pointers lead to is not both const$/),
  ];
  expect(told.slice(0, 2)).toEqual([error, error]);
  expect(told[2]).toEqual(loses === 'any' ? error : []);
  const [first] = await toldOf(body);
  expect(first?.[0]).toMatch(/^real: .*, which is a warning$/);
  const off = { Makefile: 'KBUILD_CFLAGS := -Wno-incompatible-pointer-types -Werror\n' };
  expect(await toldOf(body, off)).toEqual([[], [], []]);
});

const SAME = {
  'two that are const alike': 'LOST char **all = names; take_any(names);',
  'void takes any': 'void *any = names; names = any;',
  'the pointer in between': 'char *const *all = plain;',
  'a cast': 'take_many((char **)names);',
  'an array of arrays': 'const char table[2][4]; take_any((void *)table);',
  'a type of its own': 'typeof(names) all = names;',
  'a copy by braces': 'LOST char **all = ({ names; });',
  'either branch': 'LOST char **all = one ? names : (void *)0;',
};

it.each(Object.entries(SAME))('pointers to pointers that fit: %s', async (_, code) => {
  const body = `${OWN}void f(struct one *one, char **plain, LOST char **names)\n{\n\t${code}\n}\n`;
  expect(await toldOf(body, FLAGS)).toEqual([[], [], []]);
});
