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
