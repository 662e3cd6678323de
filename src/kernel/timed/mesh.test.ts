import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mesh } from './mesh.ts';

test('no way by the home is shorter than the direct one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 128 }),
      fc.nat(300),
      fc.nat(300),
      fc.nat(1e6),
      (cpus, a, b, line) => {
        const mesh = new Mesh(cpus, 50);
        expect(mesh.detour(a, line, b)).toBeGreaterThanOrEqual(0);
        // To the home and back where the line stays.
        expect(mesh.detour(a, line, b)).toBe(mesh.detour(b, line, a));
      },
    ),
  );
});

test.each([8, 30, 56, 64])(
  'with %i CPUs the detour is a third of a transfer on average',
  (cpus) => {
    const mesh = new Mesh(cpus, 60);
    let sum = 0;
    let n = 0;
    for (let line = 0; line < 2000; line++) {
      for (let a = 0; a < cpus; a += 3) {
        for (let b = 0; b < cpus; b += 5) {
          sum += mesh.detours[mesh.detour(a, line, b)] as number;
          n++;
        }
      }
    }
    expect(sum / n / 20).toBeGreaterThan(0.9);
    expect(sum / n / 20).toBeLessThan(1.1);
  },
);

test('one CPU alone is everywhere at once', () => {
  const mesh = new Mesh(1, 50);
  expect(mesh.detour(0, 7, 0)).toBe(0);
  expect([...mesh.detours]).toEqual([0]);
});
