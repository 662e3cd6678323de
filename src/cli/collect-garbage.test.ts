import { expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

it('collects what nobody holds', () => {
  const gone = new WeakRef(Array.from({ length: 1000 }, (_, i) => ({ i })));
  // What a WeakRef was asked for stays until the turn ends: it is not asked here before.
  return new Promise<void>((resolve) => {
    setImmediate(() => {
      collectGarbage();
      expect(gone.deref()).toBeUndefined();
      expect('gc' in globalThis).toBe(false);
      resolve();
    });
  });
});
