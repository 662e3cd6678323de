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
void holds(struct mm *mm) { read_lock(mm); try_it(mm); }
static int part(struct mm *mm) { return try_it(mm); }
void holds_for(struct mm *mm) { read_lock(mm); part(mm); }
void falls_for(struct mm *mm) { if (part(mm)) return; write_lock(mm); }
`;
  expect(await sitesOf(header, source)).toEqual([
    'falls try_it: read_lock',
    'holds try_it: ',
    'part try_it: write_lock by falls_for',
  ]);
});

it('takes no question for a try: what calls nothing and sets nothing', async () => {
  const bodies: Readonly<Record<string, string>> = {
    asks: 'return p->disabled;',
    asks_once: 'return READ_ONCE(p->count) != 0 && unlikely(p->flags >= 2);',
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
  expect(await sitesOf(header, source)).toEqual(
    ['calls', 'sets', 'counts', 'jumps'].map((name) => `for_${name} ${name}: read_lock`),
  );
});

it('sees no choice of the preprocessor where only one side compiles the file', async () => {
  const source = `static void fine_lock(struct mm *mm) { vma(mm); }
void uses(struct mm *mm) { fine_lock(mm); }
void other(struct mm *mm) { read_lock(mm); }
`;
  const list = (text: string) => ({ Kbuild: `obj-${text} += a.o\n` });
  const chosen = `#ifdef CONFIG_LOCK\n${source}#endif\n`;
  expect(await sitesOf('', chosen, list('y'))).toEqual(['other fine_lock: read_lock']);
  expect(await sitesOf('', source, list('$(CONFIG_LOCK)'))).toEqual([]);
});
