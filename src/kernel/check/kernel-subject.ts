import { SLOW_PATHS } from '../lookup-variants.ts';
import {
  type Edition,
  FRAME_PC,
  FRAME_ROUTINE,
  FRAME_VARS,
  type KernelConfig,
  MAP_FLAGS,
  type Routine,
  routine,
  TASK,
  wordStruct,
} from '../model/index.ts';
import { buildWithInternals, type Internals } from '../model/kernel.ts';
import { FAULT_FLAG_USER, FAULT_FLAG_WRITE } from '../model/mm/fault-flags.ts';
import { CheckExec, type LockUse, type TrackedLock } from './check-exec.ts';
import { Holders } from './holders.ts';
import { lookupCalls } from './lookups.ts';
import { applyMutant } from './mutants.ts';
import type { Question } from './question.ts';
import {
  holderScript,
  killerScript,
  type LookupCalls,
  readerScript,
  VMA_PAGES,
  writerScript,
} from './scripts.ts';
import { Sequence } from './sequence.ts';
import type { Role, Subject } from './subject.ts';
import type { Likeness } from './symmetry.ts';
import { lockState, traceState } from './trace-state.ts';

/** First page of the VMAs in question, in the middle of nowhere; a gap of as many pages keeps them from merging. */
const FIRST_PAGE = 0x50000;
const startOf = (vma: number) => FIRST_PAGE + vma * VMA_PAGES * 8;
const T = TASK.at;
/** Pages there is swap for. */
const SWAP_SLOTS = 4;

interface Thread {
  readonly role: Role;
  readonly script: Routine;
  readonly args: readonly number[];
}

type Machine = ReturnType<typeof buildWithInternals>;

/** The kernel of a question with its threads, each at the start of its script. */
export function kernelSubject(edition: Edition, config: KernelConfig, q: Question): Subject {
  const killable = q.property === 'killable';
  const remote = q.write === 'remote';
  const threads = q.readers + q.writers + (killable ? q.readers : 0);
  const processOf = Array.from({ length: threads }, (_, t) =>
    remote && t >= q.readers + 1 && t < q.readers + q.writers ? 1 : 0,
  );
  const slow = q.lookup === 'fault' ? undefined : SLOW_PATHS[q.lookup];
  const parts = slow === undefined ? edition.parts : { ...edition.parts, waitingLookup: slow };
  const options: KernelConfig = {
    get: (name) => (name === 'RWSEM_SPIN_ON_OWNER' ? (q.spin ? 'y' : 'n') : config.get(name)),
  };
  // The image's own VMAs, those in question, and one more for each writer to take.
  const vmas = 9 * (1 + Math.max(...processOf)) + q.vmas + 2 * q.writers + 2;
  const swap = q.write === 'pageout' ? SWAP_SLOTS : 0;
  const size = { threads, processOf, vmas, pages: 64, pageTables: 24, swap };
  const m = buildWithInternals({ ...edition, parts }, options, size);
  const { core } = m;
  const named = (name: string) => {
    const found = m.routines.find((r) => r.name === name);
    if (found === undefined) throw new RangeError(`the kernel has no ${name}`);
    return found;
  };
  const calls = {
    do_mprotect_pkey: named('do_mprotect_pkey'),
    vm_mmap_pgoff: named('vm_mmap_pgoff'),
    __vm_munmap: named('__vm_munmap'),
    do_madvise: named('do_madvise'),
  };
  if (q.mutate !== undefined) applyMutant(q.mutate, m.routines);

  const heldLocks = m.memory.object(
    wordStruct('checker_locks', { held: { array: threads * 2 } }),
    'locks',
  );
  const never = m.memory.object(wordStruct('checker_never', { word: 1 }), 'never');
  const holders = new Holders(m);
  const mmapLock = (mm: number) => mm + core.MM.at.mmap_lock;
  const locks: TrackedLock[] = core.mms.map((mm, i) => ({ address: mmapLock(mm), bit: 1 << i }));

  const found = lookupCalls(m, q.lookup, (k, mm) => (k as CheckExec).holds(mmapLock(mm)));
  const reader = m.addRoutine(
    readerScript(
      { ...found, ...before(m, q, found) },
      {
        returned: (k, mm, page, vma) => holders.returned(k as CheckExec, mm, page, vma),
        releasing: (k, vma) => holders.releasing(k as CheckExec, vma),
        used: (vma) => vma + core.VMA.at.vm_flags,
      },
    ),
  );
  const writer = m.addRoutine(writerScript(calls, q.write === 'remote' ? 'unmap' : q.write));
  const remoteWriter = m.addRoutine(writerScript(calls, 'remote'));
  const holder = m.addRoutine(holderScript(core));
  const killer = m.addRoutine(killerScript());

  const plan: Thread[] = [];
  const mmOf = (t: number) => core.mms[processOf[t] as number] as number;
  for (let r = 0; r < q.readers; r++) {
    const args = [mmOf(r), startOf(r % q.vmas), q.lookups];
    plan.push({ role: 'reader', script: reader, args });
  }
  for (let w = 0; w < q.writers; w++) {
    const t = q.readers + w;
    const left = q.ops === Number.POSITIVE_INFINITY ? -1 : q.ops;
    const far = processOf[t] === 1;
    const args = [mmOf(t), startOf(w % q.vmas), left, 0];
    if (killable)
      plan.push({ role: 'writer', script: holder, args: [mmOf(t), startOf(w % q.vmas), never] });
    else plan.push({ role: 'writer', script: far ? remoteWriter : writer, args });
  }
  if (killable) {
    for (let r = 0; r < q.readers; r++) {
      plan.push({ role: 'killer', script: killer, args: [m.area.tasks[r] as number] });
    }
  }

  const exec = new CheckExec({
    routines: m.routines,
    // Without what kills a program on its way to user mode: a script is no program, it returns to nowhere.
    area: { tasks: m.area.tasks, stackWords: m.area.stackWords },
    words: m.memory.size,
    events: m.events.names.length,
    heldLocks,
    locks,
    lockUses: lockUses(core.rw),
    standsFor: treeRoots(m),
    timersExpire: q.queue === 'handoff',
    monitor: holders,
  });
  m.boot(exec);
  for (let i = 0; i < q.vmas; i++)
    mapAt(exec, calls.vm_mmap_pgoff, core.mms[0] as number, startOf(i));
  if (q.write === 'pageout') {
    // A disk, so that pages go through the swap cache and their lock.
    core.swap.on(exec, SWAP_SLOTS, false);
    const advises = core.b.enabled('ADVISE_SYSCALLS');
    if (!core.swap.isOn(exec) || !advises) throw new RangeError('no MADV_PAGEOUT on this kernel');
    for (let i = 0; i < q.vmas; i++) {
      const args = [core.mms[0] as number, startOf(i), FAULT_FLAG_USER | FAULT_FLAG_WRITE];
      runAlone(exec, named('do_user_addr_fault'), args);
    }
  }
  // Up to 6.6 the lookup gives only VMAs that have an anon_vma.
  if (core.lockKind === 'rwsem') {
    for (let i = 0; i < q.vmas; i++) {
      m.anon.attachFresh(exec, core.tree.walk(exec, core.mms[0] as number, startOf(i)));
    }
  }
  plan.forEach(({ script, args }, t) => {
    exec.spawn(t, script, args);
    // Left by what thread 0 did before.
    exec.poke((m.area.tasks[t] as number) + T.result, 0);
  });
  // A thread that ends writes these past the executor.
  for (const task of m.area.tasks) {
    for (const at of [T.__state, T.on_rq]) exec.note(task + at, exec.mem[task + at] as number);
  }
  const sequence =
    core.lockKind === 'absent' || remote
      ? undefined
      : new Sequence(
          (core.mms[0] as number) + core.MM.at.mm_lock_seq,
          core.vmas.objects.map((vma) => vma + core.VMA.at.vm_lock_seq),
          m.area.tasks,
        );
  if (sequence !== undefined) {
    // As if the number had changed: all copies are renamed.
    for (const t of plan.keys()) sequence.settle(exec, t, Number.NaN);
  }
  exec.watch();
  if (!q.reduce) exec.distrust();
  const holds = (t: number, lock: number) => {
    const { bit = 0 } = locks.find(({ address }) => address === lock) ?? {};
    return ((exec.mem[heldLocks + t * 2] as number) & bit) !== 0;
  };
  const stackWords = m.area.stackWords;
  const left = (frames: Int32Array) => frames[FRAMES + FRAME_VARS + reader.vars.indexOf('left')];
  return {
    exec,
    initial: exec.mem.slice(),
    tasks: m.area.tasks,
    roles: plan.map((p) => p.role),
    stackWords,
    stackUsed: plan.map(() => stackWords),
    ...(sequence && { sequence }),
    ...(q.reduce && { likeness: likenessOf(m, plan, heldLocks, holders) }),
    busy: (t, frames) =>
      plan[t]?.role === 'reader' &&
      (frames[0] !== TASK.size
        ? isAt(frames, reader, 'lookup')
        : // It has called the lookup, which has touched nothing yet: the same state as before the call.
          q.holding === 'nothing' && left(frames) !== 0 && isAt(frames, reader, 'before')),
    past: (_, frames) =>
      frames[0] === 0 ||
      (left(frames) === 0 && PAST_LOOKUP.some((label) => isAt(frames, reader, label))),
    mayStay: (t, frames) => plan[t]?.script === holder && isAt(frames, holder, 'holds_it'),
    nameOf: (address) => m.memory.nameOf(address),
    lockState: () => lockState(exec, m, startOf(0)),
    traceState: () => traceState({ exec, machine: m, holders, holds }),
    functions: () => core.b.surface().functions,
    assumptions: assumptions(q, vmas),
  };
}

/** What the reader takes before it looks up. */
function before(m: Machine, q: Question, found: LookupCalls): Pick<LookupCalls, 'before'> {
  const { core } = m;
  const { b, lock, mmap } = core;
  if (q.holding === 'nothing') return {};
  if (q.holding === 'mmap_lock') {
    return { before: { take: mmap.mmap_read_lock, drop: mmap.mmap_read_unlock } };
  }
  const take = b.add(
    routine('hold_a_vma', ['mm', 'address', 'vma'], (v) => ({
      lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
      got_it: (k) => k.ret(k.result() === 0 ? -1 : 0),
    })),
  );
  const drop = b.add(
    routine('drop_the_vma', ['mm', 'address', 'vma'], (v) => ({
      vma_lookup(k) {
        k.set(v.vma, core.tree.walk(k, k.get(v.mm), k.get(v.address)));
      },
      vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
      done: (k) => k.ret(),
    })),
  );
  return found.lookup === take ? {} : { before: { take, drop } };
}

function lockUses(rw: Internals['core']['rw']): ReadonlyMap<Routine, LockUse> {
  return new Map<Routine, LockUse>([
    [rw.down_read, 'read'],
    [rw.down_read_killable, 'read'],
    [rw.down_read_trylock, 'tryread'],
    [rw.up_read, 'drop'],
    [rw.down_write, 'write'],
    [rw.down_write_killable, 'write'],
    [rw.down_write_trylock, 'trywrite'],
    [rw.up_write, 'drop'],
    [rw.downgrade_write, 'downgrade'],
  ]);
}

/** Entries of a VMA tree are touched through its root. */
function treeRoots(m: Machine): (address: number) => number {
  const root = new Map<number, number>();
  for (let at = 0, last = 0, name = ''; at < m.memory.size; at++) {
    const object = /^mm_mt#\d+/.exec(m.memory.nameOf(at))?.[0];
    if (object === undefined) continue;
    if (object !== name) [name, last] = [object, at];
    root.set(at, last);
  }
  return (address) => root.get(address) ?? address;
}

/** Maps a VMA with thread 0, before the threads are put to their scripts. */
function mapAt(exec: CheckExec, mmap: Routine, mm: number, start: number): void {
  const flags = MAP_FLAGS.fixed | MAP_FLAGS.private | MAP_FLAGS.anonymous;
  runAlone(exec, mmap, [mm, VMA_PAGES, 3, flags, start]);
}

/** Runs a routine on thread 0, before the threads are put to their scripts. */
function runAlone(exec: CheckExec, routine: Routine, args: readonly number[]): void {
  exec.spawn(0, routine, args);
  exec.select(0);
  while (exec.where(0) !== undefined) exec.step();
}

/** Threads with equal scripts and arguments, and the words that name threads: queues, owners, grace periods. */
function likenessOf(
  m: Machine,
  plan: readonly Thread[],
  heldLocks: number,
  holders: Holders,
): Likeness {
  const byScript = Map.groupBy(plan.keys(), (t) => {
    const { script, args } = plan[t] as Thread;
    return `${script.name} ${args.join()}`;
  });
  const name = new Map<number, 'task' | 'mask' | undefined>();
  return {
    groups: [...byScript.values()].filter((group) => group.length > 1),
    perThread: [
      { base: heldLocks, words: 2 },
      { base: holders.words, words: 1 },
    ],
    names(address) {
      if (!name.has(address)) name.set(address, namesThread(m.memory.nameOf(address)));
      return name.get(address);
    },
  };
}

function namesThread(word: string): 'task' | 'mask' | undefined {
  if (/\.(owner|osq|osq_next|osq_prev|wait_head|wait_tail|wait_next|vma_writer_wait)$/.test(word))
    return 'task';
  // Of each callback the object and then who must leave its section first.
  const callback = /^rcu_state\.cbs\[(\d+)\]$/.exec(word)?.[1];
  return callback !== undefined && Number(callback) % 2 === 1 ? 'mask' : undefined;
}

/** Where in a block of frames the outermost one begins. */
const FRAMES = 2;
/** Labels a reader comes by after its lookup. */
const PAST_LOOKUP = ['returned', 'use_vma', 'release', 'after'];

/** Whether the outermost routine of a block of frames is `script`, at `label` or inside what that called. */
function isAt(frames: Int32Array, script: Routine, label: string): boolean {
  return (
    frames[0] !== 0 &&
    frames[FRAMES + FRAME_ROUTINE] === script.id &&
    frames[FRAMES + FRAME_PC] === script.labels.indexOf(label)
  );
}

function pagesAssumed({ lookup, write }: Question): string {
  if (write === 'pageout') return 'the first page of each VMA is mapped at first, and swap is on';
  return `no page is mapped in the VMAs in question${lookup === 'fault' ? ' at first' : ''}`;
}

function assumptions(q: Question, vmas: number): string[] {
  return [
    'interleavings are sequentially consistent',
    q.queue === 'handoff'
      ? 'mmap_lock is handed to its first waiter as soon as that has been passed over once'
      : 'no waiter for mmap_lock waits long enough to be handed it',
    q.spin ? 'writers spin while the owner of mmap_lock runs' : 'writers do not spin on mmap_lock',
    'mm_lock_seq does not come round (2^32 write sections)',
    pagesAssumed(q),
    `an allocation waits while ${vmas} VMAs are in use or wait for a grace period`,
    'RCU callbacks run at the earliest moment that is allowed',
    ...(q.property === 'safety' ? [] : ['a schedule that breaks a rule of safety ends there']),
  ];
}
