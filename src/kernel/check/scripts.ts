/** What the threads of a question do: each is a routine over routines of the model. */
import {
  ADVICE,
  type Exec,
  KernelBug,
  MAP_FLAGS,
  type Routine,
  routine,
  TASK,
  TASK_KILLABLE,
} from '../model/index.ts';
import type { MmCore } from '../model/mm/mm-core.ts';
import type { Write } from './question.ts';

const PROT_READ = 1;
const PROT_WRITE = 2;
/** Pages of each VMA: two, so that it can be split. */
export const VMA_PAGES = 2;

/** Operations behind a script. */
export interface WriteCalls {
  readonly do_mprotect_pkey: Routine;
  readonly vm_mmap_pgoff: Routine;
  readonly __vm_munmap: Routine;
  readonly do_madvise: Routine;
}

/** `(mm, start, left, parity)`: `left` operations, or for ever when it is negative. */
export function writerScript(calls: WriteCalls, write: Write): Routine {
  const fixed = MAP_FLAGS.fixed | MAP_FLAGS.private | MAP_FLAGS.anonymous;
  const protect = (k: Exec, mm: number, start: number, pages: number, odd: boolean) => {
    const prot = odd ? PROT_READ | PROT_WRITE : PROT_READ;
    return k.callThen('next', calls.do_mprotect_pkey, mm, start, pages, prot, 0);
  };
  const map = (k: Exec, mm: number, start: number) => {
    const prot = PROT_READ | PROT_WRITE;
    return k.callThen('next', calls.vm_mmap_pgoff, mm, VMA_PAGES, prot, fixed, start);
  };
  return routine(`writer_${write}`, ['mm', 'start', 'left', 'parity'], (v) => ({
    operation(k) {
      if (k.get(v.left) === 0) return k.ret();
      if (k.get(v.left) > 0) k.set(v.left, k.get(v.left) - 1);
      const mm = k.get(v.mm);
      const start = k.get(v.start);
      const odd = k.get(v.parity) === 1;
      k.set(v.parity, odd ? 0 : 1);
      if (write === 'modify') return protect(k, mm, start, VMA_PAGES, odd);
      if (write === 'split') return protect(k, mm, start + 1, 1, odd);
      if (write === 'pageout') {
        return k.callThen('next', calls.do_madvise, mm, start, 1, ADVICE.pageout);
      }
      if (write === 'reuse') return map(k, mm, start);
      if (odd === (write === 'unmap')) return map(k, mm, start);
      return k.callThen('next', calls.__vm_munmap, mm, start, VMA_PAGES);
    },
    next: () => 'operation',
  }));
}

/** `(mm, address, never)`: write-locks the VMA at an address and lets go of nothing. */
export function holderScript(core: MmCore): Routine {
  const { mmap, lock, tree } = core;
  return routine('writer_that_never_lets_go', ['mm', 'address', 'never'], (v) => ({
    mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
    vma_start_write: (k) =>
      k.call(lock.vma_start_write, tree.walk(k, k.get(v.mm), k.get(v.address))),
    holds_it: (k) => k.spin(k.get(v.never)),
  }));
}

/** `(task)`: sends a fatal signal. After signal_wake_up_state in kernel/signal.c: wakes the task if a fatal signal may. */
export function killerScript(): Routine {
  return routine('killer', ['task'], (v) => ({
    set_pending(k) {
      k.store(k.get(v.task) + TASK.at.sigkill, 1);
    },
    wake_up_state(k) {
      const state = k.get(v.task) + TASK.at.__state;
      if (k.load(state) === TASK_KILLABLE) k.wake(k.get(v.task));
      return k.ret();
    },
  }));
}

/** A lookup and what undoes it. */
export interface LookupCalls {
  /** `(mm, address) -> vma, 0 or -errno`. */
  readonly lookup: Routine;
  /** `(mm, vma)`. */
  readonly release: Routine;
  /** What the reader takes before and drops in the end; `(mm, address) -> 0 when it has it` and `(mm, address)`. */
  readonly before?: { readonly take: Routine; readonly drop: Routine };
}

/** What the checker looks at when a reader has a VMA. */
export interface ReaderChecks {
  /** The lookup returned `vma`: throws a `KernelBug` unless it may be used. */
  returned(k: Exec, mm: number, address: number, vma: number): void;
  /** The reader still has it and is about to give it back. */
  releasing(k: Exec, vma: number): void;
  /** Address of a word of the VMA a user of it reads. */
  used(vma: number): number;
}

/** `(mm, address, left)`. Its label `lookup` stands while a lookup is under way. */
export function readerScript(calls: LookupCalls, checks: ReaderChecks): Routine {
  return routine('reader', ['mm', 'address', 'left', 'vma'], (v) => ({
    before(k) {
      if (k.get(v.left) === 0) return k.ret();
      k.set(v.left, k.get(v.left) - 1);
      if (calls.before) return k.call(calls.before.take, k.get(v.mm), k.get(v.address));
    },
    has_it(k) {
      // What it should have had before cannot be had now: another schedule has it.
      if (calls.before && k.result() !== 0) return 'before';
    },
    lookup: (k) => k.call(calls.lookup, k.get(v.mm), k.get(v.address)),
    returned(k) {
      const vma = k.result();
      if (vma === 0 || (vma < 0 && vma > -4096)) return 'after';
      k.set(v.vma, vma);
      checks.returned(k, k.get(v.mm), k.get(v.address), vma);
    },
    use_vma(k) {
      k.load(checks.used(k.get(v.vma)));
    },
    release(k) {
      const vma = k.get(v.vma);
      checks.releasing(k, vma);
      k.set(v.vma, 0);
      return k.call(calls.release, k.get(v.mm), vma);
    },
    after(k) {
      if (calls.before)
        return k.callThen('before', calls.before.drop, k.get(v.mm), k.get(v.address));
      return 'before';
    },
  }));
}

/** Throws for a rule of the question that a lookup broke. */
export function broken(k: Exec, what: string): never {
  const at = k.where(k.tid);
  throw new KernelBug(what, `thread ${k.tid} in ${at?.routine.name}.${at?.label}`);
}
