import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ids } from './ids.ts';

describe('ids', () => {
  it('read as what they name', () => {
    expect(new Ids().of('at', '__vma_start_write', 'v7.0:64BIT=y,SMP=n')).toBe(
      'at-__vma_start_write-v7.0-64BIT-y-SMP-n',
    );
  });

  it('are the same for the same thing and different for different things', () => {
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(names, { maxLength: 12 }), (things) => {
        const ids = new Ids();
        const byThing = new Map(things.map((own) => [JSON.stringify(own), ids.of('api', ...own)]));
        for (const own of things)
          expect(ids.of('api', ...own)).toBe(byThing.get(JSON.stringify(own)));
        expect(new Set(byThing.values()).size).toBe(byThing.size);
        for (const id of byThing.values()) expect(id).toMatch(/^api[A-Za-z0-9_.-]*$/);
      }),
      { numRuns: 50 },
    );
  });
});
