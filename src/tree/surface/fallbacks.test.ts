import { expect, it } from 'vitest';
import { treeOf } from '../testing/references.test-util.ts';
import { surfaceFallbacks } from './fallbacks.ts';
import { surfaceOf } from './surface.ts';

async function sitesOf(
  header: string,
  source: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const tree = await treeOf({
    Kconfig: 'config LOCK\n\tbool "lock"\n',
    'include/linux/lock.h': header,
    'a.c': source,
    ...files,
  });
  const left = { tree, values: (name: string) => (name === 'LOCK' ? 'y' : undefined) };
  const right = { tree, values: () => undefined };
  const surface = await surfaceOf(left, right, { options: ['LOCK'], arch: 'x86', jobs: 1 });
  const sites = await surfaceFallbacks(left, right, surface, { jobs: 1 });
  return sites.map(
    (one) =>
      `${one.function} ${one.call}: ${one.fallback.join(' ')}${one.by ? ` by ${one.by}` : ''}`,
  );
}

const either = (real: string, stub: string): string =>
  `#ifdef CONFIG_LOCK\n${real}\n#else\n${stub}\n#endif\n`;

it('takes no lock that is taken before for the other way', async () => {
  const header = either(
    'static inline bool try_it(struct mm *mm) { return fine(mm); }',
    'static inline bool try_it(struct mm *mm) { return false; }',
  );
  const source = `void falls(struct mm *mm) { if (try_it(mm)) return; read_lock(mm); }
void holds(struct mm *mm) { read_lock(mm); if (!try_it(mm)) fail(mm); }
static int part(struct mm *mm) { return try_it(mm); }
void holds_for(struct mm *mm) { read_lock(mm); part(mm); }
void falls_for(struct mm *mm) { if (part(mm)) return; write_lock(mm); }
`;
  expect(await sitesOf(header, source)).toEqual([
    'falls try_it: read_lock',
    'part try_it: write_lock by falls_for',
  ]);
});

/** Of a try that fails as a function of this return type and value, the sites in some callers. */
async function sitesWhere(stub: string, callers: readonly string[]): Promise<string[]> {
  const [type, value] = stub.split(': ');
  const header = either(
    `static inline ${type} try_it(struct mm *mm) { return fine(mm); }
static inline ${type} lock_it(struct mm *mm) { return fine(mm); }`,
    `static inline ${type} try_it(struct mm *mm) { return ${value}; }
static inline ${type} lock_it(struct mm *mm) { return ${value}; }`,
  );
  return sitesOf(header, `${callers.join('\n')}\n`);
}

it('follows where a function goes because the call failed', async () => {
  const sites = await sitesWhere('struct vma *: NULL', [
    // Whatever comes of it.
    'void always(struct mm *mm) { v = try_it(mm); if (v) use(v); read_lock(mm); }',
    'void unused(struct mm *mm, int flag) { v = try_it(mm); if (flag) read_lock(mm); }',
    'void other(struct mm *mm, int flag) { if (!try_it(mm)) count(); if (flag) read_lock(mm); }',
    // Because it did not fail.
    'void gained(struct mm *mm) { if (!try_it(mm)) return; read_lock(mm); }',
    'void second(struct mm *mm) { if (!try_it(mm)) { split(mm); if (!try_it(mm)) return; } read_trylock(mm); }',
    'void no_error(struct mm *mm) { v = try_it(mm); if (IS_ERR(v)) return; read_lock(mm); }',
    // Another value.
    'void anew(struct mm *mm) { v = try_it(mm); v = find(mm); if (!v) read_lock(mm); }',
    'void passed(struct mm *mm) { v = try_it(mm); find(&v); if (!v) read_lock(mm); }',
    'void compared(struct mm *mm) { if (try_it(mm) == wanted) return; read_lock(mm); }',
    // The other way.
    'void jumps(struct mm *mm) { struct vma *v = try_it(mm);\n if (!v) goto slow;\n if (use(v)) return;\nslow:\n read_lock(mm); }',
    'void loops(struct mm *mm) { for (;;) { *v = try_it(mm); if (likely(*v)) break; read_lock(mm); } }',
    'void told(struct mm *mm) { bool retry = true; if (try_it(mm)) retry = use(mm); done(); if (retry) read_lock(mm); }',
    'void noted(struct mm *mm) { slow = false; if (!try_it(mm)) slow = true; done(); if (slow) read_lock(mm); }',
    'void maybe(struct mm *mm, int flag) { if (!flag || !try_it(mm)) read_lock(mm); }',
    'void nested(struct mm *mm, int flag) { if (!(v = try_it(mm))) { if (flag) read_lock(mm); } }',
    'void cases(struct mm *mm, int flag) { v = try_it(mm); switch (flag) { case 1: if (!v) break; return; default: return; } read_lock(mm); }',
  ]);
  expect(sites).toEqual(
    ['jumps', 'loops', 'told', 'noted', 'maybe', 'nested', 'cases'].map(
      (name) => `${name} try_it: read_lock`,
    ),
  );
});

it('knows what a stub gives where it is an error', async () => {
  const callers = [
    'void is_error(struct mm *mm) { v = try_it(mm); if (!IS_ERR(v)) return; read_lock(mm); }',
    'void no_error(struct mm *mm) { v = try_it(mm); if (IS_ERR(v)) return; read_lock(mm); }',
    'void again(struct mm *mm) { v = try_it(mm); if (PTR_ERR(v) == -EAGAIN) read_lock(mm); }',
    'void below(struct mm *mm) { v = try_it(mm); if (v < 0) read_lock(mm); }',
    'void given(struct mm *mm) { if (handed(mm) >= NO_NODE) return; read_lock(mm); }',
    'static int handed(struct mm *mm) { if (IS_ERR(try_it(mm))) return -EBUSY; return 1; }',
  ];
  expect(await sitesWhere('struct vma *: ERR_PTR(-EAGAIN)', callers)).toEqual([
    'is_error try_it: read_lock',
    'again try_it: read_lock',
    'handed try_it: read_lock by given',
  ]);
  expect(await sitesWhere('int: -EAGAIN', callers)).toEqual(['below try_it: read_lock']);
});

it('lists a caller that has no other way where what fails is a lock that others have one for', async () => {
  const callers = [
    'int a(struct mm *mm) { return lock_it(mm) ? 0 : -1; }',
    'int b(struct mm *mm) { if (!lock_it(mm)) return -1; return use(mm); }',
    'int c(struct mm *mm) { lock_it(mm); return 0; }',
    // Another lock is no failure.
    'int e(struct mm *mm) { if (lock_it(mm)) return 0; page_lock(page); }',
    'int d(struct mm *mm) { if (!try_it(mm)) return -1; return 0; }',
  ];
  expect(await sitesWhere('bool: false', callers)).toEqual([]);
  const more = ['int f(struct mm *mm) { if (!lock_it(mm)) read_lock(mm); }', ...callers];
  expect(await sitesWhere('bool: false', more)).toEqual([
    'f lock_it: read_lock',
    'a lock_it: ',
    'b lock_it: ',
  ]);
});

it('finds locks in the object, and in what is called with it', async () => {
  const sites = await sitesWhere('bool: false', [
    'void within(struct mm *mm) { if (!try_it(mm)) { lock_contended(mm); raw_spin_lock(&mm->wait_lock); debug_lock(mm); } }',
    'void further(struct mm *mm) { if (!try_it(mm)) raw_lock(&mm->cpu->wait_lock); }',
    'void beside(struct mm *mm) { if (!try_it(mm)) raw_lock(&file->wait_lock); }',
    'static int deep(struct file *f, int n) { return read_lock(f->mm); }',
    'static int slow(struct file *f) { return deep(f, 1); }',
    'static int whatever(struct file *f) { return deep(other(), 1); }',
    'void calls(struct file *file) { if (!try_it(file)) slow(file); }',
    'void calls_not(struct file *file) { if (!try_it(file)) whatever(file); }',
  ]);
  expect(sites).toEqual(['within try_it: raw_spin_lock', 'calls try_it: read_lock']);
});

it('follows a function that asks for the option itself', async () => {
  const source = (type: string, test: string): string => `
static ${type} fast(unsigned long start, int n)
{
	int got = 0;
	if (${test}) return got;
	got = walk(start, n);
	return got;
}
static long slow(struct mm *mm, int n) { read_lock(mm); return pages(mm, n); }
int all(unsigned long start, int n)
{
	unsigned long got = fast(start, n);
	if (got == n || (flags & FAST_ONLY)) return got;
	return slow(current->mm, n);
}
int other(unsigned long start, int n, struct mm *mm)
{
	if (fast(start, n) < n) return slow(mm, n);
}
static long own(unsigned long start) { struct mm *mm = current->mm; mm_trylock(mm); file_lock(file); }
int alone(unsigned long start, int n)
{
	if (fast(start, n) != n) return own(start);
}
`;
  const found = ['all fast: read_lock', 'alone fast: mm_trylock'];
  const asks = '!IS_ENABLED(CONFIG_LOCK) || !permitted(start)';
  expect(await sitesOf('', source('unsigned long', asks))).toEqual(found);
  // Nothing else has been done, or something of both.
  expect(await sitesOf('', source('int', asks))).toEqual([]);
  expect(await sitesOf('', source('unsigned long', 'IS_ENABLED(CONFIG_LOCK) && n'))).toEqual([]);
  const elsewhere = { 'b.c': 'int b(void) { if (!fast(1, 2)) slow(current->mm, 1); }\n' };
  expect(await sitesOf('', source('unsigned long', asks), elsewhere)).toEqual(found);
});

it('finds functions that ask for the option where they could take the finer lock', async () => {
  const source = `
void tries(struct mm *mm)
{
	if (IS_ENABLED(CONFIG_LOCK) && take(mm)) return;
	read_lock(mm);
}
void hands(struct mm *mm)
{
	int err = -EAGAIN;
	if (IS_ENABLED(CONFIG_LOCK))
		err = take_of(mm);
	if (err < 0)
		read_lock(mm);
}
void either(struct mm *mm)
{
	if (!IS_ENABLED(CONFIG_LOCK))
		read_lock(mm);
	else
		vma_lock(mm);
}
void asks(struct mm *mm) { if (IS_ENABLED(CONFIG_LOCK) && is_done(mm)) return; read_lock(mm); }
void both(struct mm *mm) { if (IS_ENABLED(CONFIG_LOCK)) vma_lock(mm); read_lock(mm); }
void other(struct mm *mm) { if (IS_ENABLED(CONFIG_LOCK)) vma_lock(vma); else read_lock(mm); }
void same(struct mm *mm) { if (IS_ENABLED(CONFIG_LOCK)) read_lock_bh(mm); else read_lock(mm); }
void gained(struct mm *mm) { if (IS_ENABLED(CONFIG_LOCK)) take(mm); else count(mm); read_lock(mm); }
static bool is_done(struct mm *mm) { return mm->done; }
`;
  expect(await sitesOf('', source)).toEqual([
    'either vma_lock: read_lock',
    'hands take_of: read_lock',
    'tries take: read_lock',
  ]);
  const tree = await treeOf({ Kconfig: 'config LOCK\n\tbool "lock"\n', 'a.c': source });
  const left = { tree, values: (name: string) => (name === 'LOCK' ? 'y' : undefined) };
  const right = { tree, values: () => undefined };
  const surface = await surfaceOf(left, right, { options: ['LOCK'], arch: 'x86', jobs: 1 });
  const sites = await surfaceFallbacks(left, right, surface, { jobs: 1 });
  expect(sites.map(({ line, condition }) => `${line} ${condition}`)).toEqual([
    '20 LOCK!=n',
    '11 LOCK!=n',
    '4 LOCK!=n',
  ]);
});

it('takes no question for a try: what takes nothing and sets nothing, whatever it uses', async () => {
  const bodies: Readonly<Record<string, string>> = {
    asks: 'return p->disabled;',
    asks_once: 'return READ_ONCE(p->count) != 0 && unlikely(p->flags >= 2);',
    asks_more: 'struct q *q = q_of(p); if (q->asked) return false; return RACE(q->count == 1);',
    asks_trap: 'return TRAP(p);',
    asks_setting: 'return SETS(p->count);',
    assigns: 'return p->taken = 1;',
    calls: 'return take(p);',
    sets: 'return (p->taken = 1);',
    counts: 'return p->count++ == 0;',
    jumps: 'if (p->count) return false; return grab(p);',
  };
  const names = Object.keys(bodies);
  const header = either(
    names.map((name) => `static inline bool ${name}(struct p *p) { ${bodies[name]} }`).join('\n'),
    names.map((name) => `static inline bool ${name}(struct p *p) { return false; }`).join('\n'),
  );
  const source = names
    .map((name) => `void for_${name}(struct p *p) { if (${name}(p)) return; read_lock(p); }\n`)
    .join('');
  const files = {
    'include/linux/compiler.h': `#define READ_ONCE(x) ({ check_size(sizeof(x)); __READ_ONCE(x); })
#define __READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define check_size(n) do { if (!(n)) wrong_size(n, "size = of X()"); } while (0)
#define unlikely(x) __builtin_expect(!!(x), 0)
static inline void wrong_size(int n, const char *why) { }
static inline void note(void) { }
#define RACE(code) ({ note(); auto __value = (code); __value; })
static inline struct q *q_of(struct p *p) { return p->q; }
#ifdef CONFIG_TRAP
#define TRAP(p) grab(p)
#else
#define TRAP(p) ((p)->trapped)
#endif
#define SETS(x) ((x) |= 1)
`,
  };
  expect(await sitesOf(header, source, files)).toEqual(
    ['asks_setting', 'assigns', 'calls', 'sets', 'counts', 'jumps'].map(
      (name) => `for_${name} ${name}: read_lock`,
    ),
  );
});

it('sees no choice of the preprocessor where only one side compiles the file', async () => {
  const source = `static void fine_lock(struct mm *mm) { vma(mm); }
void uses(struct mm *mm) { fine_lock(mm); }
void other(struct mm *mm) { read_lock(mm); }
void run(struct mm *mm) { uses(mm); other(mm); }
`;
  const list = (text: string) => ({ Kbuild: `obj-${text} += a.o\n` });
  const chosen = `#ifdef CONFIG_LOCK\n${source}#endif\n`;
  expect(await sitesOf('', chosen, list('y'))).toEqual(['other fine_lock: read_lock']);
  expect(await sitesOf('', source, list('$(CONFIG_LOCK)'))).toEqual([]);
});

it('takes what a macro makes for a question, unless its name says it is a lock', async () => {
  const header = either(
    `#define FLAG(name) static inline bool test_##name(struct p *p) { return test_bit(p); }
#define LOCK(name) static inline bool lock_##name(struct p *p) { return grab(p); }`,
    `#define FLAG(name) static inline bool test_##name(struct p *p) { return false; }
#define LOCK(name) static inline bool lock_##name(struct p *p) { return false; }`,
  );
  const callers = ['test_one', 'lock_one'].map(
    (name) => `void for_${name}(struct p *p) { if (${name}(p)) return; read_lock(p); }\n`,
  );
  expect(await sitesOf(`${header}FLAG(one)\nLOCK(one)\n`, callers.join(''))).toEqual([
    'for_lock_one lock_one: read_lock',
  ]);
});

it('comes to an end of a function that tries ten thousand times', async () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `if (!try_it(mm)) use(mm, ${i});`);
  const sites = await sitesWhere('bool: false', [
    `int many(struct mm *mm) {\n${lines.join('\n')}\nif (try_it(mm)) return 0; read_lock(mm); }`,
    'int one(struct mm *mm) { if (try_it(mm)) return 0; read_lock(mm); }',
  ]);
  expect(sites).toContain('one try_it: read_lock');
});
