import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KernelBuilder } from '../kernel-builder.ts';
import { routine, TASK, wordStruct } from '../machine/index.ts';
import { osq } from './osq.ts';
import { Rescheduling, seeded } from './rescheduling.test-util.ts';

const { osq_next } = TASK.at;

/** Threads that queue, hold the head for two steps and unlock, each some times. */
function machine(threads: number, rounds: number) {
  const b = new KernelBuilder(
    { get: () => 'n' },
    { threads, processOf: Array(threads).fill(0), vmas: 0, pages: 0, pageTables: 0 },
  );
  const { osq_lock, osq_unlock } = osq(b);
  const tail = b.memory.object(wordStruct('osq', { tail: 1 }), 'osq');
  /** Who queued, in order, and has neither had the head nor left: the reference. */
  const queue: number[] = [];
  const wrong: string[] = [];
  let held = -1;
  let taken = 0;
  let left = 0;
  const user = b.add(
    routine('user', ['tid', 'i'], (v) => ({
      lock: (k) => k.call(osq_lock, tail),
      locked(k) {
        const tid = k.get(v.tid);
        if (k.result() === 0) {
          left++;
          return 'again';
        }
        if (held !== -1) wrong.push(`${tid} while ${held} holds it`);
        if (queue.shift() !== tid) wrong.push(`${tid} before its turn`);
        held = tid;
        taken++;
      },
      hold: () => undefined,
      unlock(k) {
        held = -1;
        return k.callThen('again', osq_unlock, tail);
      },
      again(k) {
        k.set(v.i, k.get(v.i) + 1);
        return k.get(v.i) < rounds ? 'lock' : k.ret();
      },
    })),
  );
  const exec = new Rescheduling(b.routines, b.area, b.memory.size, b.eventNames.length);
  b.boot(exec);
  for (let tid = 0; tid < threads; tid++) exec.spawn(tid, user, [tid, 0]);
  // The order of the queue is that of the exchanges of its tail; who has undone the link to itself will leave.
  const step = exec.step.bind(exec);
  exec.step = () => {
    const { tid } = exec;
    const label = () => {
      const at = exec.where(tid);
      return at?.routine === osq_lock ? at.label : '';
    };
    if (label() === 'xchg_tail') queue.push(tid);
    const leaving = label() === 'unqueue_from_prev';
    const outcome = step();
    if (leaving && label() === 'stabilise_next') queue.splice(queue.indexOf(tid), 1);
    return outcome;
  };
  return { b, exec, tail, wrong, counts: () => ({ taken, left }) };
}

test.for([0, 3, 10])(
  'one at a time, in the order they queued, with leavers (%i in 10)',
  (often) => {
    let taken = 0;
    let left = 0;
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.integer(), (threads, seed) => {
        const m = machine(threads, 3);
        const pick = seeded(seed);
        m.exec.wanted = () => pick() % 10 < often;
        m.exec.run((ready) => ready[pick() % ready.length] as number, 200_000);
        expect(m.wrong).toEqual([]);
        expect(m.exec.peek(m.tail)).toBe(0);
        for (const task of m.b.tasks) expect(m.exec.peek(task + osq_next)).toBe(0);
        taken += m.counts().taken;
        left += m.counts().left;
        expect(m.counts().taken + m.counts().left).toBe(threads * 3);
      }),
      { numRuns: 200 },
    );
    expect(taken).toBeGreaterThan(0);
    if (often === 0) expect(left).toBe(0);
    else expect(left).toBeGreaterThan(0);
  },
);
