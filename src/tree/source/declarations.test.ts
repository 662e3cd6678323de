import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Declaration } from './declaration.ts';
import { declarations, declarationsAt } from './declarations.ts';
import { stripComments } from './strip.ts';

const shown = (text: string): string[] =>
  declarations(text).list.map(({ kind, name }) => `${kind} ${name}`);

describe('declarations', () => {
  it('finds functions behind attributes and macros', () => {
    expect(
      shown(`
static inline int plain(int a) { return a; }
static __always_inline struct x *pointer(void)
	__acquires(&lock) __must_hold(b)
{
	if (a) { b(); }
}
__attribute__((noinline)) void late(void) { }
SYSCALL_DEFINE3(demo, int, a, int, b, int, c) { return 0; }
DEFINE_MUTEX(m);
EXPORT_SYMBOL_GPL(plain);
LIST_HEAD(l) static void after(int (*f)(int)) { }
void __lower(struct s *s) { }
static inline enum mode mode_of(enum kind kind) { return kind; }
struct pair make(void) { }
enum status __give(struct l *l, void *arg) __must_hold(&l->lock)
{
}
struct __aligned(8) none { };
static inline struct s *shared(struct s *s)
	__acquires_shared(s) __no_context_analysis
{
}
void __two(struct s *s) __acquires_shared(s) __takes(s->lock) { }
int __attribute__((noinline)) __three(int a) __tells_all(a) { }
DEFINE_GUARD(g, struct l, _T->rq = take(_T->lock), struct rq *rq; int a)
static void guarded(void) { }
int list[] = { 1 };
static const char options[] ALIGN1 =
	"a\0";
`),
    ).toEqual([
      'function plain',
      'function pointer',
      'function late',
      'function SYSCALL_DEFINE3(demo)',
      'other DEFINE_MUTEX(m)',
      'other EXPORT_SYMBOL_GPL',
      'function after',
      'function __lower',
      'function mode_of',
      'function make',
      'function __give',
      'struct none',
      'function shared',
      'function __two',
      'function __three',
      'function guarded',
      'variable list',
      'variable options',
    ]);
  });

  it('finds types, variables, prototypes and macros', () => {
    expect(
      shown(`
struct one { int a; struct { int b; } c; } __packed;
typedef struct { int x; } two_t;
enum three { A, B = 2, };
union four { int a; };
struct __aligned(8) five { int a; };
extern int proto(struct one *a);
int *other_proto(void) __must_check;
static const struct ops table = { .a = f, .b = { 1, 2 }, };
int counter;
int array[10] = { 1 };
#define MAX(a, b) \\
	((a) > (b) ? (a) : (b))
#define SIMPLE 1
char *s = "{ ( \\" } ;", c = '{'; /* } */ // }
`),
    ).toEqual([
      'struct one',
      'struct two_t',
      'enum three',
      'union four',
      'struct five',
      'prototype proto',
      'prototype other_proto',
      'variable table',
      'variable counter',
      'variable array',
      'macro MAX',
      'macro SIMPLE',
      'variable s',
    ]);
  });

  it('lets each branch of a conditional start from the same depth', () => {
    const { list, broken } = declarations(`
#ifdef A
static int f(int a) {
	if (a) {
#else
static int f(void) {
	if (b) {
#endif
		c();
	}
}
int g(void) { }
`);
    expect(list.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['function f', 'function g']);
    expect(broken).toBeUndefined();
  });

  it('tells where braces do not add up', () => {
    expect(declarations('int f(void) { {\n').broken).toBe(12);
    expect(declarations('}\n').broken).toBe(0);
  });

  it('knows where bodies lie', () => {
    const text = 'int f(void)\n{\n\treturn 1;\n}\n';
    const [f] = declarations(text).list;
    expect(text.slice(f!.bodyStart, f!.bodyEnd + 1)).toBe('{\n\treturn 1;\n}');
    expect(text.slice(f!.start, f!.bodyStart)).toBe('int f(void)\n');
  });
});

describe('a line as long as the file', () => {
  const long = (unit: string): string => unit.repeat(3_000_000 / unit.length);
  it.each([
    ['a text', `int a; char *s = "${long('x')}`],
    ['a text of escapes', `int a; char *s = "${long('\\x')}`],
    ['a comment', `int a; /*${long('x')}`],
    ['a continued macro', `int a;\n#define X ${long('\\\n')}`],
    ['a directive', `int a;\n#if ${long('(')}`],
    ['parentheses', `int a; ${long('(')}`],
    ['braces', `int a; ${long('{')}`],
  ])('%s', (_, text) => {
    expect(declarations(text).list[0]).toMatchObject({ kind: 'variable', name: 'a' });
  });
});

test('a variable whose name looks like an attribute has its name', () => {
  expect(
    shown(`static bool __ready __ro_after_init;
extern char __begin[], __end[];
static struct suite *const __suites[];
static const char *const __types[] = { 0 };
struct a __one __read_mostly = { 0 };
static unsigned int plain __initdata = 3;
static int __read_mostly late;
static call_t __call_one __kept = one;
extern const call_t __call_two __kept;
static __u32 wide __read_mostly;
`),
  ).toEqual([
    'variable __ready',
    'variable __begin',
    'variable __suites',
    'variable __types',
    'variable __one',
    'variable plain',
    'variable late',
    'variable __call_one',
    'variable __call_two',
    'variable wide',
  ]);
});

test('calls of macros on lines before a function are none of it', () => {
  const text = `UNHANDLED(a, irq)
UNHANDLED(b, irq)
#ifdef CONFIG_A
void bad(void)
{
}
#endif
SYSCALL_DEFINE1(one,
	int, a)
{
}
WORD(b)
SYSCALL_DEFINE1(two, int, a) {
}
RESULT(int) three(void) { }
`;
  const begins = declarations(text).list.map(
    ({ name, start }) => `${name}: ${text.slice(start).split('\n', 1)[0]}`,
  );
  expect(begins).toEqual([
    'bad: void bad(void)',
    'SYSCALL_DEFINE1(one): SYSCALL_DEFINE1(one,',
    'SYSCALL_DEFINE1(two): SYSCALL_DEFINE1(two, int, a) {',
    'three: RESULT(int) three(void) { }',
  ]);
});

test('what lies around places is told from the beginning of a file as from all of it', () => {
  const piece = fc.constantFrom(
    'int f(void)\n{\n',
    '}\n',
    'struct s {\n',
    'int a;\n',
    '};\n',
    '#if A\n',
    '#else\n',
    '#endif\n',
    '#define M \\\n x\n',
    'int a = {\n',
    '/* c */',
    '(',
    ')',
    'typedef ',
    'x;',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 25 }),
      fc.array(fc.nat(200), { minLength: 1, maxLength: 4 }),
      fc.nat(40),
      (parts, some, more) => {
        const text = parts.join('');
        const places = some.filter((place) => place < text.length).sort((a, b) => a - b);
        if (places.length === 0) return;
        const head = stripComments(text.slice(0, places.at(-1)! + 1 + more), true);
        const holding = (list: readonly Declaration[]) =>
          places.map((place) => list.filter(({ start, end }) => start <= place && place < end));
        expect(holding(declarationsAt(text, head, places))).toEqual(
          holding(declarations(text).list),
        );
      },
    ),
  );
});
