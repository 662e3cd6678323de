import { expect, it } from 'vitest';
import type { FunctionChange, Surface } from '../tree/index.ts';
import { NO_DIFFERENCE } from './surface.test-util.ts';
import { surfaceChangesText } from './surface-text.ts';

const change = (at: number, file: string, rest: Partial<FunctionChange> = {}): FunctionChange => ({
  name: `f${at}`,
  file,
  left: 'code',
  right: 'code',
  stub: null,
  differs: 'body',
  ...rest,
});

it('sums up what nobody reads, callers first', () => {
  const gone = { right: 'absent', differs: 'presence' } as const;
  const surface: Surface = {
    ...NO_DIFFERENCE,
    functions: [
      ...Array.from({ length: 2000 }, (_, at) => change(at, `drivers/net/${at}.c`)),
      change(1, 'mm/a.c', { ...gone, private: true }),
      ...Array.from({ length: 31 }, (_, at) => change(at, 'mm/b.c', gone)),
      change(2, 'include/linux/mm.h', gone),
      change(3, 'odd\u001b[2J/a.c', { differs: 'signature' }),
    ],
    fields: [
      { struct: 'struct s', field: 'gone', file: 'include/s.h', left: 'int gone;', right: null },
      { struct: 'struct t', field: 'own', file: 'mm/t.h', left: 'int own;', right: null },
    ],
    moved: [{ from: 'a.c', to: 'b.c' }],
  };
  const text = surfaceChangesText(surface);
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').filter((line) => !/^ {2}f\d+ .*mm\/b\.c$/.test(line))).toEqual([
    '0 options differ; 2034 functions, 2 fields',
    '',
    expect.stringMatching(/^ +gone +new +signature +body +types +fields +macros$/),
    expect.stringMatching(/^ {2}drivers\/net +2000$/),
    expect.stringMatching(/^ {2}mm +32 +1$/),
    expect.stringMatching(/^ {2}include +1$/),
    expect.stringMatching(/^ {2}include\/linux +1$/),
    expect.stringMatching(/^ {2}odd.* 1$/),
    '',
    'Files that moved: 1',
    '',
    'Functions others could call that are gone: 32',
    '  f2   code → absent  include/linux/mm.h',
    '  and 2 more',
    '',
    'Functions others can call that take something else: 1',
    expect.stringMatching(/^ {2}f3 +signature differs +odd/),
    '',
    'Members gone from types in headers for all: 1',
    '  struct s.gone    include/s.h',
    '',
    'Every difference: --format json',
    '',
  ]);
});

it('lists all of what can be read', () => {
  const text = surfaceChangesText({ ...NO_DIFFERENCE, functions: [change(1, 'mm/a.c')] });
  expect(text).toBe('0 options differ; 1 function\n\nFunctions: 1\n  f1  body differs  mm/a.c\n');
});
