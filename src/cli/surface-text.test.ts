import { expect, it } from 'vitest';
import { NO_DIFFERENCE } from './surface.test-util.ts';
import { surfaceChangesText } from './surface-text.ts';

it('names files that were left out, and counts those of a reason that many have', () => {
  const out = (n: number, reason: string) =>
    Array.from({ length: n }, (_, i) => ({ path: `${i}.rs`, reason }));
  const unparsed = [...out(2, 'few'), ...out(21, 'many')];
  const text = surfaceChangesText({ ...NO_DIFFERENCE, options: ['A'], unparsed });
  expect(text).toContain('0.rs      few\n');
  expect(text).toContain('1.rs      few\n');
  expect(text).toContain('21 files  many\n');
});

it('names conditions without an answer, and counts very many', () => {
  const unanswered = Array.from({ length: 21 }, (_, i) => ({
    file: i < 2 ? 'a.h' : 'b.h',
    line: i + 1,
    condition: `SIZE > ${i}`,
  }));
  const text = (n: number): string =>
    surfaceChangesText({ ...NO_DIFFERENCE, options: ['A'], unanswered: unanswered.slice(0, n) });
  expect(text(0)).not.toContain('Not answered');
  expect(text(3)).toContain('Not answered, taken for not so: 3\n  a.h:1  SIZE > 0\n');
  expect(text(3)).toContain('  b.h:3  SIZE > 2\n');
  expect(text(21)).toContain('Not answered, taken for not so: 21 conditions in 2 files\n');
});
