import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelBuilder } from '../../kernel-builder.ts';
import { type Exec, routine, TASK, TASK_KILLABLE, wordStruct } from '../../machine/index.ts';
import { Rescheduling, seeded } from '../rescheduling.test-util.ts';
import {
  RWSEM,
  RWSEM_FLAG_WAITERS,
  RWSEM_READER_BIAS,
  type RwsemReaders,
  rwsem,
  rwsemIsFree,
} from './index.ts';
import {
  RWSEM_RD_NONSPINNABLE,
  RWSEM_READER_OWNED,
  RWSEM_WR_NONSPINNABLE,
  RWSEM_WRITER_LOCKED,
} from './state.ts';

type Op = 'read' | 'write' | 'try' | 'downgrade';

/** Threads that lock, look at a pair of words a writer changes in two steps, and unlock. */
function machine(
  scripts: readonly (readonly Op[])[],
  spin: boolean,
  readers: RwsemReaders = 'steal',
) {
  const b = new KernelBuilder(
    { get: (n) => (n === 'RWSEM_SPIN_ON_OWNER' && spin ? 'y' : 'n') },
    { threads: scripts.length, processOf: scripts.map(() => 0), vmas: 0, pages: 0, pageTables: 0 },
  );
  const rw = rwsem(b, readers);
  const sem = b.memory.object(RWSEM, 'sem');
  const data = b.memory.object(wordStruct('data', { a: 1, b: 1, readers: 1 }), 'data');
  const torn: string[] = [];
  let order: number[] = [];
  const user = b.add(
    routine('user', ['tid', 'i'], (v) => {
      const op = (k: Exec) => scripts[k.get(v.tid)]?.[k.get(v.i)];
      return {
        next(k) {
          switch (op(k)) {
            case 'read':
              return k.callThen('read_a', rw.down_read, sem);
            case 'try':
              return k.callThen('tried', rw.down_read_trylock, sem);
            case 'write':
            case 'downgrade':
              return k.callThen('write_a', rw.down_write, sem);
            default:
              return k.ret();
          }
        },
        tried: (k) => (k.result() ? 'read_a' : 'advance'),
        read_a(k) {
          order.push(k.get(v.tid));
          k.load(data);
        },
        read_b(k) {
          if (k.load(data + 1) !== k.peek(data)) torn.push(`thread ${k.get(v.tid)}`);
          return k.callThen('advance', rw.up_read, sem);
        },
        write_a(k) {
          order.push(k.get(v.tid));
          k.store(data, k.peek(data) + 1);
        },
        write_b(k) {
          k.store(data + 1, k.peek(data + 1) + 1);
          return op(k) === 'downgrade' ? 'downgrade' : 'up_write';
        },
        up_write: (k) => k.callThen('advance', rw.up_write, sem),
        downgrade: (k) => k.callThen('read_a', rw.downgrade_write, sem),
        advance(k) {
          k.set(v.i, k.get(v.i) + 1);
          return 'next';
        },
      };
    }),
  );
  const exec = new Rescheduling(b.routines, b.area, b.memory.size, b.eventNames.length);
  b.boot(exec);
  for (const tid of scripts.keys()) exec.spawn(tid, user, [tid, 0]);
  return { b, rw, sem, data, exec, torn, order: () => order, clear: () => (order = []) };
}

const op = fc.constantFrom<Op>('read', 'write', 'try', 'downgrade');

describe('rw_semaphore', () => {
  it.each([
    [true, 'steal'],
    [false, 'steal'],
    [true, 'spin'],
    [false, 'spin'],
  ] as const)(
    'excludes, loses no wake-up and ends free (spinning: %s, readers %s)',
    (spin, readers) => {
      fc.assert(
        fc.property(
          fc.array(fc.array(op, { maxLength: 4 }), { minLength: 2, maxLength: 5 }),
          fc.integer(),
          (scripts, seed) => {
            const m = machine(scripts, spin, readers);
            // Who spins waits for others to run: a schedule that leaves them out for ever would go on for ever.
            const random = seeded(seed);
            m.exec.run((ready) => ready[random() % ready.length] as number);
            expect(m.torn).toEqual([]);
            expect(rwsemIsFree(m.exec, m.sem)).toBe(true);
            const writes = scripts.flat().filter((o) => o === 'write' || o === 'downgrade').length;
            expect(m.exec.peek(m.data)).toBe(writes);
          },
        ),
        { numRuns: 200 },
      );
    },
  );

  it.each(['steal', 'spin'] as const)(
    'excludes and ends free when spinners have to give way (readers %s)',
    (readers) => {
      fc.assert(
        fc.property(
          fc.array(fc.array(op, { maxLength: 4 }), { minLength: 2, maxLength: 5 }),
          fc.integer(),
          fc.constantFrom(1, 5, 10),
          (scripts, seed, often) => {
            const m = machine(scripts, true, readers);
            const random = seeded(seed);
            m.exec.wanted = () => random() % 10 < often;
            m.exec.run((ready) => ready[random() % ready.length] as number, 200_000);
            expect(m.torn).toEqual([]);
            expect(rwsemIsFree(m.exec, m.sem)).toBe(true);
            expect(m.exec.peek(m.sem + RWSEM.at.osq)).toBe(0);
          },
        ),
        { numRuns: 200 },
      );
    },
  );

  it('keeps the count word as the kernel lays it out', () => {
    const m = machine([['read'], ['write']], false);
    m.exec.select(0);
    for (let i = 0; i < 3; i++) m.exec.step();
    expect(m.exec.peek(m.sem + RWSEM.at.count)).toBe(RWSEM_READER_BIAS);
    m.exec.select(1);
    while (m.exec.runnable(1)) m.exec.step();
    expect(m.exec.peek(m.sem + RWSEM.at.count)).toBe(RWSEM_READER_BIAS + RWSEM_FLAG_WAITERS);
  });

  it('lets no reader overtake a waiting writer, and hands the lock to it', () => {
    const m = machine([['read'], ['write'], ['read']], false);
    const { exec } = m;
    exec.select(0);
    while (exec.where(0)?.label !== 'read_b') exec.step();
    exec.select(1);
    while (exec.runnable(1)) exec.step();
    exec.select(2);
    while (exec.runnable(2)) exec.step();
    m.clear();
    exec.run();
    expect(m.order()).toEqual([1, 2]);
  });

  /** The first thread is in the middle of writing; the second wants to read, as far as it gets without the first. */
  function readerBehindWriter(readers: RwsemReaders) {
    const m = machine([['write'], ['read'], ['read']], true, readers);
    m.exec.select(0);
    while (m.exec.where(0)?.label !== 'write_b') m.exec.step();
    m.exec.select(1);
    for (let i = 0; i < 40 && m.exec.runnable(1); i++) m.exec.step();
    return m;
  }

  it('a reader spins for a writer that runs where readers spin, and sleeps where they steal', () => {
    expect(readerBehindWriter('steal').exec.runnable(1)).toBe(false);
    const { exec, sem } = readerBehindWriter('spin');
    expect(exec.where(1)?.routine.name).toBe('rwsem_optimistic_spin_read');
    // It has taken its bias back, and stands in no queue but that of the spinners.
    expect(exec.peek(sem + RWSEM.at.count)).toBe(RWSEM_WRITER_LOCKED);
    expect(exec.peek(sem + RWSEM.at.wait_head)).toBe(0);
    exec.run();
    expect(exec.peek(sem + RWSEM.at.owner) & RWSEM_READER_OWNED).toBe(RWSEM_READER_OWNED);
  });

  it('a reader does not spin once a writer has spun on readers for too long', () => {
    const m = machine([['write'], ['read']], true, 'spin');
    const { exec, sem } = m;
    exec.select(0);
    while (exec.where(0)?.label !== 'write_b') exec.step();
    exec.poke(sem + RWSEM.at.nonspinnable, RWSEM_RD_NONSPINNABLE);
    exec.select(1);
    for (let i = 0; i < 40 && exec.runnable(1); i++) exec.step();
    expect(exec.runnable(1)).toBe(false);
    exec.run();
    // It found so when it came, and hands it on.
    expect(exec.peek(sem + RWSEM.at.nonspinnable)).toBe(RWSEM_RD_NONSPINNABLE);
  });

  it('a writer that had to sleep for readers keeps them from spinning', () => {
    const m = machine([['read'], ['write']], true, 'spin');
    const { exec, sem } = m;
    exec.select(0);
    while (exec.where(0)?.label !== 'read_b') exec.step();
    exec.poke(sem + RWSEM.at.nonspinnable, RWSEM_WR_NONSPINNABLE);
    exec.select(1);
    while (exec.runnable(1)) exec.step();
    exec.select(0);
    while (exec.where(0) !== undefined) exec.step();
    exec.select(1);
    while (exec.where(1)?.label !== 'write_b') exec.step();
    expect(exec.peek(sem + RWSEM.at.nonspinnable)).toBe(RWSEM_RD_NONSPINNABLE);
  });

  it('leaves a killable wait on a fatal signal, though the holder never lets go', () => {
    for (const name of ['down_read_killable', 'down_write_killable'] as const) {
      const m = machine([['write'], []], false);
      const { exec } = m;
      exec.select(0);
      while (exec.where(0)?.label !== 'write_b') exec.step();
      exec.spawn(1, m.rw[name], [m.sem]);
      exec.select(1);
      while (exec.runnable(1)) exec.step();
      const task = m.b.tasks[1] as number;
      expect(exec.peek(task + TASK.at.__state)).toBe(TASK_KILLABLE);
      exec.poke(task + TASK.at.sigkill, 1);
      exec.select(0);
      exec.wake(task);
      exec.select(1);
      while (exec.where(1) !== undefined) exec.step();
      expect(exec.peek(task + TASK.at.result)).toBe(-4);
      exec.run();
      expect(rwsemIsFree(exec, m.sem)).toBe(true);
    }
  });
});
