import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lit, Solver } from './solver.ts';

/** A formula over a few variables; literals as in the solver. */
function formula(variables: number): fc.Arbitrary<Lit[][]> {
  const clause = fc.array(fc.nat(2 * variables - 1), { minLength: 1, maxLength: 4 });
  return fc.array(clause, { maxLength: 5 * variables });
}

const holds = (assignment: number, l: Lit): boolean => ((assignment >> (l >> 1)) & 1) !== (l & 1);

function models(variables: number, clauses: readonly (readonly Lit[])[]): number[] {
  const all = Array.from({ length: 2 ** variables }, (_, i) => i);
  return all.filter((a) => clauses.every((clause) => clause.some((l) => holds(a, l))));
}

function load(variables: number, clauses: readonly (readonly Lit[])[]): Solver {
  const solver = new Solver();
  for (let v = 0; v < variables; v++) solver.newVar(v % 2 === 0);
  for (const clause of clauses) solver.addClause(clause);
  return solver;
}

describe('the solver', () => {
  it('finds a solution exactly when there is one, clause by clause', () => {
    fc.assert(
      fc.property(formula(8), formula(8), (first, second) => {
        const solver = load(8, first);
        expect(solver.solve([])).toBe(models(8, first).length > 0);
        for (const clause of second) solver.addClause(clause);
        const all = [...first, ...second];
        const found = solver.solve([]) === true;
        expect(found).toBe(models(8, all).length > 0);
        if (found) expect(all.every((clause) => clause.some((l) => solver.holds(l)))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('names failed assumptions that really cannot hold together', () => {
    const assumptions = fc.uniqueArray(fc.nat(15), { maxLength: 8 });
    fc.assert(
      fc.property(formula(8), assumptions, assumptions, (clauses, ...tries) => {
        const solver = load(8, clauses);
        for (const assumed of tries) {
          const left = models(8, [...clauses, ...assumed.map((l) => [l])]);
          expect(solver.solve(assumed)).toBe(left.length > 0);
          if (left.length > 0) {
            expect(assumed.every((l) => solver.holds(l))).toBe(true);
            continue;
          }
          expect(solver.core.every((l) => assumed.includes(l))).toBe(true);
          expect(models(8, [...clauses, ...solver.core.map((l) => [l])])).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the number of soft literals within the limit', () => {
    const soft = fc.uniqueArray(fc.nat(9), { maxLength: 10 });
    const limits = fc.array(fc.nat(6), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(formula(10), soft, soft, limits, (clauses, softs, more, wanted) => {
        const solver = load(10, clauses);
        const counted = new Set<Lit>();
        for (const [i, limit] of wanted.entries()) {
          for (const v of i === 0 ? softs : more) {
            counted.add(2 * v);
            solver.addSoft(2 * v);
          }
          solver.limit = limit;
          solver.bound = solver.newVar();
          const cost = (a: number): number => [...counted].filter((l) => holds(a, l)).length;
          const some = models(10, clauses).some((a) => cost(a) <= limit);
          expect(solver.solve([solver.bound])).toBe(some);
          if (some) expect([...counted].filter((l) => solver.holds(l)).length <= limit).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('solves problems that need search', () => {
    // Eight pigeons do not fit into seven holes.
    const solver = new Solver();
    const at = Array.from({ length: 8 }, () => Array.from({ length: 7 }, () => solver.newVar()));
    for (const pigeon of at) solver.addClause(pigeon);
    for (let hole = 0; hole < 7; hole++)
      for (let a = 0; a < 8; a++)
        for (let b = 0; b < a; b++)
          solver.addClause([(at[a]?.[hole] as Lit) ^ 1, (at[b]?.[hole] as Lit) ^ 1]);
    expect(solver.solve([])).toBe(false);
  });

  it('gives up at the work limit', () => {
    const solver = load(3, [[0, 2, 4]]);
    solver.workLimit = 0;
    expect(solver.solve([])).toBeUndefined();
  });
});
