import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exec, KernelBug, type Routine, routine } from '../model/index.ts';
import { type Exploration, explore, framesIn } from './explore.ts';
import { fairCycle } from './fair-cycles.ts';
import type { Fairness } from './question.ts';
import type { Subject } from './subject.ts';
import { wordsSubject } from './words-subject.test-util.ts';

const ROOM = { maxStates: 1e6, maxBytes: 1e9, edges: true };

/** Fails when two threads are inside at once; word `inside` counts them. */
function enter(k: Exec, inside: number): void {
  if (k.fetchAdd(inside, 1) > 0) throw new KernelBug('two are inside', `thread ${k.tid}`);
}

/** Peterson's algorithm on words flag[2], turn and the count of who is inside; `broken` sets the flag after it has looked. */
function peterson(word: number, broken = false): Routine[] {
  return [0, 1].map((me) => {
    const other = 1 - me;
    return routine(`peterson${me}`, [], () => ({
      want(k) {
        if (!broken) k.store(word + me, 1);
      },
      give_way: (k) => k.store(word + 2, other),
      look_flag(k) {
        if (k.load(word + other) === 0) return 'enter';
      },
      look_turn(k) {
        if (k.load(word + 2) === other) return 'look_flag';
      },
      enter(k) {
        if (broken) return 'late';
        enter(k, word + 3);
        return 'leave';
      },
      late: (k) => k.store(word + me, 1),
      enter_late: (k) => enter(k, word + 3),
      leave: (k) => {
        k.fetchAdd(word + 3, -1);
      },
      done: (k) => k.store(word + me, 0),
      again: () => 'want',
    }));
  });
}

/** Dekker's algorithm with the same words. */
function dekker(word: number): Routine[] {
  return [0, 1].map((me) => {
    const other = 1 - me;
    return routine(`dekker${me}`, [], () => ({
      want: (k) => k.store(word + me, 1),
      look(k) {
        if (k.load(word + other) === 0) return 'enter';
      },
      whose_turn(k) {
        if (k.load(word + 2) === me) return 'look';
      },
      step_back: (k) => k.store(word + me, 0),
      wait_turn: (k) => (k.load(word + 2) === me ? undefined : k.spin(word + 2)),
      want_again(k) {
        k.store(word + me, 1);
        return 'look';
      },
      enter: (k) => enter(k, word + 3),
      leave: (k) => {
        k.fetchAdd(word + 3, -1);
      },
      pass_turn: (k) => k.store(word + 2, other),
      done: (k) => k.store(word + me, 0),
      again: () => 'want',
    }));
  });
}

/** The alternating bit protocol over channels of one message that may be lost; the receiver checks that bits alternate. */
function alternatingBit(word: number): Routine[] {
  const [message, ack] = [word, word + 1];
  return [
    routine('sender', ['bit'], (v) => ({
      send: (k) => k.store(message, 1 + k.get(v.bit)),
      wait(k) {
        const got = k.load(ack);
        if (got === 0) return 'send';
        if (got !== 1 + k.get(v.bit)) return 'drop';
        k.set(v.bit, 1 - k.get(v.bit));
      },
      drop(k) {
        k.store(ack, 0);
        return 'send';
      },
    })),
    routine('receiver', ['bit', 'got'], (v) => ({
      receive(k) {
        const got = k.load(message);
        if (got === 0) return k.spin(message);
        k.set(v.got, got);
      },
      take: (k) => k.store(message, 0),
      answer(k) {
        if (k.get(v.got) === 1 + k.get(v.bit)) k.set(v.bit, 1 - k.get(v.bit));
        k.store(ack, k.get(v.got));
        k.set(v.got, 0);
        return 'receive';
      },
    })),
    routine('loss', [], () => ({
      lose(k) {
        k.store(message, 0);
        return 'lose';
      },
    })),
  ];
}

/** Threads that count up to 100, each in a word of its own: 10^8 states. */
function counters(word: number): Routine[] {
  return [0, 1, 2, 3].map((t) =>
    routine(`counter${t}`, [], () => ({
      count: (k) => (k.fetchAdd(word + t, 1) < 100 ? 'count' : k.ret()),
    })),
  );
}

/** Explores and asks whether thread 0, once it wants in, gets in. */
function starves(s: Subject, e: Exploration, fairness: Fairness): boolean {
  const waits = (state: number) => {
    const frames = e.stepper.frames.of[0]?.block(framesIn(e, state, 0)) as Int32Array;
    return s.busy(0, frames);
  };
  return fairCycle(e.edges as never, e.states.size, waits, fairness) !== undefined;
}

describe('exploring known protocols', () => {
  const trying = (_: number, label: string) =>
    /give_way|look|turn|step_back|want_again|enter/.test(label);

  it.each([true, false])('Peterson excludes and lets everybody in (reduced: %s)', (reduce) => {
    const s = wordsSubject(4, 2, peterson, reduce, trying);
    const e = explore(s, { ...ROOM, rules: true });
    expect(e.end).toBe('all');
    expect(starves(s, e, 'weak')).toBe(false);
    expect(starves(s, e, 'none')).toBe(true);
  });

  it('a Peterson that flags too late does not', () => {
    const e = explore(
      wordsSubject(4, 2, (w) => peterson(w, true)),
      { ...ROOM, rules: true },
    );
    expect(e.finding?.what).toMatch(/two are inside/);
    // By the fewest steps: give way, see no flag, flag, on both sides, then both enter.
    expect(e.depth).toBe(7);
  });

  it.each([true, false])('Dekker excludes and lets everybody in (reduced: %s)', (reduce) => {
    const s = wordsSubject(4, 2, dekker, reduce, trying);
    const e = explore(s, { ...ROOM, rules: true });
    expect(e.end).toBe('all');
    expect(starves(s, e, 'weak')).toBe(false);
  });

  it('the alternating bit is delivered only if losing comes to an end', () => {
    const s = wordsSubject(2, 3, alternatingBit, true, (t) => t === 0);
    const e = explore(s, { ...ROOM, rules: true });
    expect(e.end).toBe('all');
    expect(starves(s, e, 'strong')).toBe(true);
  });

  it('says where it stopped for want of room', () => {
    const e = explore(wordsSubject(4, 2, dekker), { ...ROOM, maxStates: 10, rules: true });
    expect(e.end).toBe('limit');
    expect(e.states.size).toBe(11);
  });

  it.each([true, false])('ends without a fault where memory ends (edges: %s)', (edges) => {
    const s = wordsSubject(4, 4, counters, false);
    const e = explore(s, { maxStates: 1e8, maxBytes: 3e6, rules: false, edges });
    expect(e.end).toBe('limit');
    expect(e.states.size).toBeGreaterThan(1000);
    expect(e.states.bytes + (e.edges?.bytes ?? 0)).toBeLessThanOrEqual(3e6);
  });
});

/** An instruction of a random program. */
type Instruction =
  | { readonly op: 'add' | 'set' | 'copy' | 'mine'; readonly a: number; readonly b: number }
  | { readonly op: 'wait' | 'jump' | 'rule'; readonly a: number; readonly b: number };
const WORDS = 4;

function program(name: string, code: readonly Instruction[], word: number): Routine {
  const steps = Object.fromEntries([
    ...code.map(({ op, a, b }, i) => [
      `l${i}`,
      (k: Exec) => {
        const at = word + (a % WORDS);
        if (op === 'mine') return k.set(0, (k.get(0) + b) % 3);
        if (op === 'set') return k.store(at, b % 3);
        if (op === 'copy') return k.store(at, k.get(0));
        if (op === 'add') return void k.set(0, k.fetchAdd(at, 1) % 3);
        if (op === 'wait') return k.load(at) === b % 3 ? undefined : k.spin(at);
        if (op === 'jump') {
          if (k.load(at) !== b % 3 || i === 0 || k.get(1) > 0) return undefined;
          k.set(1, 1);
          return 'l0';
        }
        if (k.load(at) === 2 && k.get(0) === 2) throw new KernelBug('rule', '');
        return undefined;
      },
    ]),
    ['end', (k: Exec) => k.ret()],
  ]);
  return routine(name, ['r', 'jumped'], () => steps as never);
}

const instruction = fc.record({
  op: fc.constantFrom('add', 'set', 'copy', 'mine', 'wait', 'jump', 'rule'),
  a: fc.nat(WORDS - 1),
  b: fc.nat(2),
}) as fc.Arbitrary<Instruction>;

/** Explores by copying whole memories: ends as texts, with what rules were broken. */
function naive(s: Subject): { ends: Set<string>; rule: boolean } {
  const { exec } = s;
  const word = exec.slots.length;
  const seen = new Set<string>();
  const ends = new Set<string>();
  let rule = false;
  const queue = [s.initial.slice()];
  for (const mem of queue) {
    const text = mem.subarray(256).join();
    if (seen.has(text)) continue;
    seen.add(text);
    let moves = false;
    for (const t of s.tasks.keys()) {
      exec.mem.set(mem);
      if (exec.where(t) === undefined) continue;
      exec.select(t);
      try {
        exec.step();
      } catch {
        rule = true;
        moves = true;
        continue;
      }
      if (exec.mem.every((value, i) => value === mem[i])) continue;
      moves = true;
      queue.push(exec.mem.slice());
    }
    if (!moves) ends.add(final(s, mem));
  }
  expect(word).toBeGreaterThan(0);
  return { ends, rule };
}

/** The shared words and who has ended. */
function final(s: Subject, mem: Int32Array): string {
  const words = [...s.exec.mem.keys()].filter((i) => /^shared/.test(s.nameOf(i)));
  return `${words.map((i) => mem[i]).join()} ${s.tasks.map((t) => mem[t] === 0x80).join()}`;
}

describe('exploring random programs', () => {
  it('ends where a search over whole memories ends, reduced or not', { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(instruction, { minLength: 1, maxLength: 4 }), {
          minLength: 2,
          maxLength: 3,
        }),
        (codes) => {
          const make = (word: number) => codes.map((c, i) => program(`p${i}`, c, word));
          const expected = naive(wordsSubject(WORDS, codes.length, make));
          for (const reduce of [true, false]) {
            const s = wordsSubject(WORDS, codes.length, make, reduce);
            const ends = new Set<string>();
            const e = explore(s, {
              ...ROOM,
              rules: false,
              stuck(stepper) {
                stepper.load(0);
                ends.add(final(s, s.exec.mem));
                return undefined;
              },
            });
            expect(e.end).toBe('all');
            expect(ends).toEqual(expected.ends);
            const rules = explore(wordsSubject(WORDS, codes.length, make, reduce), {
              ...ROOM,
              rules: true,
            });
            expect(rules.finding !== undefined).toBe(expected.rule);
          }
        },
      ),
      { numRuns: Number(process.env.KMATRIX_RUNS ?? 40) },
    );
  });
});
