/** Subjects over a few shared words, for tests of the engine. */
import { type Exec, type Routine, wordStruct } from '../model/index.ts';
import { KernelBuilder } from '../model/kernel-builder.ts';
import { CheckExec } from './check-exec.ts';
import type { Subject } from './subject.ts';

/**
 * Threads that each run a routine over `words` shared words.
 *
 * @param make registers the routines, one for each thread, given the address of the first word
 * @param busy whether a thread is inside what is judged, by the label its routine stands at
 */
export function wordsSubject(
  words: number,
  threads: number,
  make: (word: number) => readonly Routine[],
  reduce = true,
  busy: (t: number, label: string) => boolean = () => false,
): Subject {
  const size = { threads, processOf: Array(threads).fill(0), vmas: 0, pages: 0, pageTables: 0 };
  const b = new KernelBuilder({ get: () => 'n' }, size);
  const word = b.memory.object(wordStruct('shared', { w: { array: words } }), 'shared');
  const held = b.memory.object(wordStruct('locks', { w: { array: threads * 2 } }), 'locks');
  const routines = make(word).map((r) => b.add(r));
  const exec = new CheckExec({
    routines: b.routines,
    area: b.area,
    words: b.memory.size,
    events: 0,
    heldLocks: held,
    locks: [],
    lockUses: new Map(),
    timersExpire: true,
  });
  b.boot(exec as Exec);
  routines.forEach((r, t) => {
    exec.spawn(t, r, []);
  });
  for (const task of b.tasks)
    for (const at of [0, 1]) exec.note(task + at, exec.mem[task + at] ?? 0);
  exec.watch();
  if (!reduce) exec.distrust();
  return {
    exec,
    initial: exec.mem.slice(),
    tasks: b.tasks,
    roles: routines.map(() => 'thread'),
    stackWords: b.area.stackWords,
    stackUsed: routines.map(() => b.area.stackWords),
    busy: (t, frames) => frames[0] !== 0 && busy(t, routines[t]?.labels[frames[3] as number] ?? ''),
    past: () => false,
    mayStay: () => false,
    nameOf: (address) => b.memory.nameOf(address),
    lockState: () => '',
    assumptions: [],
  };
}
