import { describe, expect, it } from 'vitest';
import { DeadlockError, TASK } from '../../machine/index.ts';
import { type Ran, SMP64, start } from '../../user-script.test-util.ts';
import { VM_REFCNT_EXCLUDE_READERS_FLAG } from './refcount-vma-lock.ts';

const AT = 0x50000;
const PRIVATE_ANON = 0x32;

/** A process that forks while somebody reads one of its VMAs and does not stop. */
function forkBesideReader(edition: string): { m: Ran; refcnt: number } {
  const m = start(edition, SMP64, { threads: 2, forks: 2 });
  m.run([
    [
      ['mmap', 2, 3, PRIVATE_ANON, AT],
      ['write', AT],
    ],
    [],
  ]);
  const { core } = m.machine;
  const vma = core.vmas.objects.find((v) => m.exec.peek(v + core.VMA.at.vm_start) === AT);
  if (vma === undefined) throw new Error('no VMA');
  const refcnt = vma + core.VMA.at.vm_refcnt;
  m.exec.poke(refcnt, 2);
  expect(() => m.run([[['fork', []]], []])).toThrow(DeadlockError);
  expect(m.exec.peek(refcnt)).toBe(VM_REFCNT_EXCLUDE_READERS_FLAG + 2);
  return { m, refcnt };
}

function kill({ exec, machine }: Ran): void {
  const task = machine.area.tasks[0] as number;
  // The call's result is asked for, which a program that a signal ends never sees.
  delete machine.area.killed;
  exec.poke(task + TASK.at.sigkill, 1);
  exec.select(1);
  exec.wake(task);
}

describe('a writer that waits for a reader', () => {
  it('is called off by a fatal signal where the edition has the killable form', () => {
    const { m, refcnt } = forkBesideReader('v7.0');
    kill(m);
    m.exec.run();
    expect(m.results[0]?.at(-1)).toBe(-4);
    // Readers may come again.
    expect(m.exec.peek(refcnt)).toBe(2);
    expect(m.calls('vma_start_write_killable')).toBeGreaterThan(0);
  });

  it('says for which VMA it waits and how many read it', () => {
    const { m } = forkBesideReader('v7.0');
    const stack = m.exec.stackOf(0);
    const frame = stack.find(({ routine }) => m.machine.waits.has(routine));
    m.exec.select(0);
    const wait = frame && m.machine.waits.get(frame.routine)?.(m.exec, frame.vars);
    expect(wait?.kind).toBe('vma_lock');
    expect(wait?.text).toBe(
      `the VMA lock of ${wait?.object} (pages ${AT} to ${AT + 1}), read-locked by 1`,
    );
    expect(stack[0]).toMatchObject({ label: 'schedule' });
  });

  it('waits on in 6.15 until the reader is gone', () => {
    const { m, refcnt } = forkBesideReader('v6.15');
    kill(m);
    expect(() => m.exec.run()).toThrow(DeadlockError);
    expect(m.exec.peek(refcnt)).toBe(VM_REFCNT_EXCLUDE_READERS_FLAG + 2);
    // The reader stops.
    m.exec.poke(refcnt, VM_REFCNT_EXCLUDE_READERS_FLAG + 1);
    m.exec.select(1);
    m.exec.wake(m.machine.area.tasks[0] as number);
    m.exec.run();
    expect(m.exec.peek(refcnt)).toBe(1);
  });
});
