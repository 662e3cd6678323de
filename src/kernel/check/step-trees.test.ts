import { describe, expect, it } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import type { Edition } from '../model/index.ts';
import { explore } from './explore.ts';
import { kernelSubject } from './kernel-subject.ts';
import { BASE, CONFIG } from './question.test-util.ts';
import type { Question } from './question.ts';
import { MOVED, Stepper } from './stepper.ts';

const STATES = 400;

/** Every step of the first states, once from the trees and once from the model. */
function differences(name: string, q: Partial<Question>): string[] {
  const s = kernelSubject(editionNamed(name) as Edition, CONFIG, { ...BASE, ...q });
  const { states, stepper } = explore(s, { rules: false, maxStates: STATES, maxBytes: 1e9 });
  const { exec, tasks } = s;
  const wrong: string[] = [];
  for (let i = 0; i < states.size; i++) {
    for (const t of tasks.keys()) {
      const { layout } = stepper;
      stepper.current.set(states.arena.subarray(i * states.width, (i + 1) * states.width));
      const leaf = stepper.step(t);
      if (Stepper.kindOf(stepper.info(leaf)) !== MOVED) continue;
      const next = new Int32Array(layout.width);
      stepper.apply(t, leaf, next, 0);
      // States of a search that was cut off may take steps that do not fit.
      if (stepper.layout !== layout) return wrong;
      stepper.explain(t);
      if (stepper.frames.now(t) !== layout.frames(next, 0, t))
        wrong.push(`state ${i}: thread ${t}`);
      const shared = stepper.fields.all.map(({ address }) => exec.mem[address]);
      stepper.current.set(next);
      stepper.load(t);
      stepper.fields.all.forEach(({ address }, f) => {
        if (exec.mem[address] !== shared[f]) wrong.push(`state ${i}: ${s.nameOf(address)}`);
      });
    }
  }
  return wrong;
}

describe('steps that are remembered', () => {
  const machines: [string, Partial<Question>][] = [
    ['v7.0', { readers: 2 }],
    ['v7.0', { readers: 2, writers: 2, write: 'unmap' }],
    ['v7.0', { write: 'split', writers: 2, spin: true }],
    ['v7.0', { write: 'reuse', lookup: 'wait' }],
    ['v7.0', { write: 'remote', writers: 2 }],
    ['v6.12', { write: 'unmap', readers: 2 }],
    ['v7.0', { property: 'killable', lookup: 'unlocked-killable' }],
  ];

  // If a step read a word the executor does not know of, another state would get its result.
  it.each(machines)('are what the model does (%s %o)', (name, q) => {
    expect(differences(name, q)).toEqual([]);
  });
});
