import { describe, expect, it } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import type { Edition } from '../model/index.ts';
import { explore } from './explore.ts';
import { kernelSubject } from './kernel-subject.ts';
import { BASE, CONFIG } from './question.test-util.ts';
import type { Question } from './question.ts';
import { Symmetry } from './symmetry.ts';

const ROOM = { rules: true, maxStates: 1e6, maxBytes: 1e9 };

describe('threads that change places', () => {
  const machines: [string, Partial<Question>][] = [
    ['v7.0', { readers: 2 }],
    ['v7.0', { writers: 2 }],
    ['v7.0', { readers: 2, lookup: 'wait' }],
    ['v7.0', { writers: 2, write: 'unmap' }],
    ['v6.12', { readers: 2, write: 'unmap' }],
    ['v7.0', { readers: 2, lookup: 'fault', write: 'pageout' }],
  ];

  // If a word that names a thread were forgotten, what comes out would be no state of the machine.
  it.each(machines)(
    'lead to states that are reached anyway, about half as many (%s %o)',
    (name, q) => {
      const s = kernelSubject(editionNamed(name) as Edition, CONFIG, { ...BASE, ops: 1, ...q });
      const all = explore(s, ROOM);
      const { states, stepper } = all;
      const symmetry = new Symmetry(s, s.likeness as never, stepper);
      const missing: number[] = [];
      for (let i = 0; i < states.size; i++) {
        const state = states.arena.slice(i * states.width, (i + 1) * states.width);
        symmetry.settle(state, 0);
        if (states.indexOf(state) === -1) missing.push(i);
      }
      expect(missing).toEqual([]);
      const merged = explore(s, { ...ROOM, symmetry: true });
      expect(merged.end).toBe('all');
      expect(merged.states.size).toBeGreaterThanOrEqual(all.states.size / 2);
      expect(merged.states.size).toBeLessThan(all.states.size * 0.52);
    },
  );
});
