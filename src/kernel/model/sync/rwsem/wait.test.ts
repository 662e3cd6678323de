import { expect, it } from 'vitest';
import { DeadlockError } from '../../machine/index.ts';
import { SMP64, start } from '../../user-script.test-util.ts';
import { RWSEM, RWSEM_READER_BIAS } from './index.ts';
import { RWSEM_WRITER_LOCKED } from './state.ts';

/** What a thread that maps memory waits for when mmap_lock is in a given state for good. */
function waitBeside(set: (poke: (word: 'count' | 'owner', value: number) => void) => void) {
  const m = start('v6.12', SMP64, { threads: 2 });
  const { core, waits, area } = m.machine;
  const lock = (core.mms[0] as number) + core.MM.at.mmap_lock;
  m.exec.poke(area.tasks[1] as number, 0);
  set((word, value) => m.exec.poke(lock + RWSEM.at[word], value));
  let stuck: DeadlockError | undefined;
  try {
    m.run([[['mmap', 1, 3, 0x22]], []]);
  } catch (error) {
    stuck = error as DeadlockError;
  }
  expect(stuck).toBeInstanceOf(DeadlockError);
  const frame = stuck?.threads[0]?.stack.find(({ routine }) => waits.has(routine));
  m.exec.select(0);
  return { m, wait: frame && waits.get(frame.routine)?.(m.exec, frame.vars) };
}

it('a writer that holds the semaphore is named', () => {
  let task = 0;
  const { m, wait } = waitBeside((poke) => {
    task = start('v6.12', SMP64, { threads: 2 }).machine.area.tasks[1] as number;
    poke('count', RWSEM_WRITER_LOCKED);
    poke('owner', task);
  });
  expect(m.machine.area.tasks).toContain(task);
  expect(wait).toEqual({
    kind: 'lock',
    object: 'mm#0.mmap_lock',
    text: 'mm#0.mmap_lock, held for writing',
    holders: [task],
  });
});

it('readers are counted, for they leave no name', () => {
  const { wait } = waitBeside((poke) => poke('count', 2 * RWSEM_READER_BIAS));
  expect(wait).toEqual({
    kind: 'lock',
    object: 'mm#0.mmap_lock',
    text: 'mm#0.mmap_lock, held for reading by 2',
  });
});
