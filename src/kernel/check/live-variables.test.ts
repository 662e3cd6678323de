import { describe, expect, it } from 'vitest';
import { type Exec, type Routine, routine } from '../model/index.ts';
import { explore } from './explore.ts';
import type { Stepper } from './stepper.ts';
import { wordsSubject } from './words-subject.test-util.ts';

const ROOM = { maxStates: 1e6, maxBytes: 1e9, rules: true };

/** A thread that reads word 0 into a variable, and goes on as `rest` says. */
function reader(rest: Record<string, (k: Exec) => unknown>) {
  return (word: number) => [
    routine('reader', ['seen'], (v) => ({
      look: (k) => k.set(v.seen, k.load(word)),
      ...(rest as object),
      done: (k: Exec) => k.ret(),
    })),
    routine('writer', [], () => ({
      one: (k) => k.store(word, 1),
      two: (k) => k.store(word, 2),
      done: (k: Exec) => k.ret(),
    })),
  ];
}

function states(rest: (word: number) => Record<string, (k: Exec) => unknown>, reduce = true) {
  const s = wordsSubject(4, 2, (word) => reader(rest(word))(word), reduce);
  const e = explore(s, ROOM);
  expect(e.end).toBe('all');
  return e.states.size;
}

describe('variables', () => {
  const wait = (word: number) => (k: Exec) => (k.load(word) === 2 ? undefined : k.spin(word));

  it('that are not read again are no part of the state', () => {
    const unread = states((w) => ({ wait: wait(w) }));
    const read = states((w) => ({ wait: wait(w), use: (k) => void k.store(w + 1, k.get(0)) }));
    // What was seen, 0, 1 or 2, tells states apart only where it is used.
    expect(unread).toBeLessThan(read);
    expect(states((w) => ({ wait: wait(w) }), false)).toBeGreaterThan(unread);
  });

  /** What word 1 holds in the end. */
  function ends(make: (word: number) => readonly Routine[]): number[] {
    const seen = new Set<number>();
    const s = wordsSubject(4, make(0).length, make);
    const at = s.exec.mem.findIndex((_, i) => s.nameOf(i) === 'shared.w[1]');
    const stuck = (stepper: Stepper) => {
      stepper.load(0);
      seen.add(s.exec.mem[at] as number);
      return undefined;
    };
    expect(explore(s, { ...ROOM, stuck }).end).toBe('all');
    return [...seen].sort((a, b) => a - b);
  }

  it('that are read on a rare way only are kept for it', () => {
    // Only who sees 1 then shows what it saw before.
    const rest = (w: number) => ({
      again: (k: Exec) => (k.load(w) === 1 ? 'use' : 'done'),
      use: (k: Exec) => k.store(w + 1, k.get(0) + 1),
    });
    expect(ends((word) => reader(rest(word))(word))).toEqual([0, 1, 2]);
  });

  it('of a caller are kept for its way on, and so is a result', () => {
    const make = (word: number) => {
      const callee = routine('callee', ['unread'], (v) => ({
        look: (k) => k.set(v.unread, k.load(word)),
        give: (k) => k.ret(7),
      }));
      const caller = routine('caller', ['kept'], (v) => ({
        look: (k) => k.set(v.kept, k.load(word)),
        call: (k) => k.call(callee),
        between: (k) => void k.load(word),
        after: (k) => k.store(word + 1, k.get(v.kept) * 10 + k.result()),
        done: (k) => k.ret(),
      }));
      return [caller, callee, reader({})(word)[1] as Routine];
    };
    expect(ends(make)).toEqual([7, 17, 27]);
  });
});
