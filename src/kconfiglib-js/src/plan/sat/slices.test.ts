import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Solver } from './solver.ts';

it('solves in slices of any size as it does at once', () => {
  const literal = fc.nat(39);
  const clauses = fc.array(fc.array(literal, { minLength: 3, maxLength: 3 }), {
    minLength: 60,
    maxLength: 100,
    size: 'max',
  });
  let pauses = 0;
  fc.assert(
    fc.property(
      clauses,
      fc.array(literal, { maxLength: 3 }),
      fc.integer({ min: 1, max: 50 }),
      (all, assumed, slice) => {
        const make = (): Solver => {
          const solver = new Solver();
          for (let v = 0; v < 20; v++) solver.newVar();
          for (const clause of all) solver.addClause(clause);
          return solver;
        };
        const whole = make();
        const sliced = make();
        const run = sliced.solving(assumed, slice);
        let step = run.next();
        for (; !step.done; step = run.next()) pauses++;
        expect(step.value).toBe(whole.solve(assumed));
        expect(sliced.core).toEqual(whole.core);
        expect(sliced.work).toBe(whole.work);
      },
    ),
    { numRuns: 100 },
  );
  expect(pauses).toBeGreaterThan(100);
});
