import { type Exec, type Routine, type Step, TASK } from '../model/index.ts';
import type { CheckExec } from './check-exec.ts';

/** A safeguard of the kernel left out. */
export interface Mutant {
  readonly name: string;
  readonly drops: string;
  /** Steps put in place of others: routine, label, and what to do instead. */
  readonly steps: readonly {
    readonly routine: string;
    readonly label: string;
    readonly instead: (original: Step, r: Routine) => Step;
  }[];
}

const NESTING = TASK.at.rcu_read_lock_nesting;
const goOn = () => undefined;

/** Skips a step: the routine goes on at the next label. */
const skip = (routine: string, label: string) => ({ routine, label, instead: () => goOn });

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'no-sequence-recheck',
    drops: 'vma_start_read does not look at the sequence again once it has its reference',
    steps: [
      {
        routine: 'vma_start_read',
        label: 'recheck_mm_lock_seq',
        // Of a semaphore it tells whether it succeeded, of a count it gives the VMA.
        instead: (_, { vars }) => {
          const counts = vars.includes('mm');
          return (k) => k.ret(counts ? k.get(vars.indexOf('vma')) : 1);
        },
      },
    ],
  },
  {
    name: 'no-first-look',
    drops: 'vma_start_read takes its reference without having looked at the sequence before',
    steps: [
      {
        routine: 'vma_start_read',
        label: 'check_mm_lock_seq',
        instead: (_, { labels }) => {
          const on = labels[labels.indexOf('check_mm_lock_seq') + 1] as string;
          return () => on;
        },
      },
    ],
  },
  {
    name: 'no-detach-wait',
    drops: 'a VMA is detached without waiting for a reader that has just raised its count',
    steps: [
      {
        routine: 'vma_mark_detached',
        label: 'dec_refcnt',
        instead: (original) => (k) => {
          const next = original(k);
          return next === undefined ? k.ret() : next;
        },
      },
    ],
  },
  {
    name: 'no-writer-wait',
    drops: 'vma_start_write does not wait for readers',
    steps: [
      {
        routine: '__vma_start_write',
        label: 'exclude_readers',
        // As for a detached VMA: nobody to wait for, no flag to take back.
        instead: () => (k) => {
          k.mem[k.task + TASK.at.result] = 0;
        },
      },
      skip('vma_start_write', 'down_write'),
      skip('vma_start_write', 'up_write'),
    ],
  },
  {
    name: 'no-mm-check',
    drops: 'a VMA that was reused in another mm is not noticed by its vm_mm',
    steps: [skip('vma_start_read', 'check_vm_mm'), skip('lock_vma_under_rcu', 'check_vm_mm')],
  },
  {
    name: 'no-range-check',
    drops: 'lock_vma_under_rcu does not look whether the VMA still covers the address',
    steps: [
      {
        routine: 'lock_vma_under_rcu',
        label: 'check_range',
        instead: (original, { vars, labels }) => {
          const last = !labels.includes('rcu_read_unlock');
          return (k) => {
            const next = original(k);
            if (next !== 'inval_end_read') return next;
            return last ? k.ret(k.get(vars.indexOf('vma'))) : 'rcu_read_unlock';
          };
        },
      },
    ],
  },
  {
    name: 'no-rcu',
    drops: 'the lookup has no RCU section',
    steps: ['lock_vma_under_rcu', 'vma_start_read'].map((routine) => ({
      routine,
      label: '*',
      instead: (original) => outsideRcu(original),
    })),
  },
  {
    name: 'no-wake-up',
    drops: 'the last reader does not wake the writer that waits for it',
    steps: [
      { routine: 'vma_refcount_put', label: 'rcuwait_read_task', instead: () => (k) => k.ret() },
    ],
  },
  {
    name: 'no-rwsem-wake-up',
    drops: 'the last reader of a semaphore does not wake its waiters',
    steps: [
      {
        routine: 'up_read',
        label: 'drop_reader_bias',
        instead: (original) => (k) => (original(k) === 'wake' ? k.ret() : undefined),
      },
    ],
  },
  {
    name: 'no-detached-check',
    drops: 'a VMA locked after it was detached is not noticed',
    steps: [
      {
        routine: 'lock_vma_under_rcu',
        label: 'check_detached',
        instead: (original) => (k) => {
          const next = original(k);
          return next === 'end_read_detached' ? 'check_range' : next;
        },
      },
    ],
  },
];

/** Runs a step as if the thread were in no RCU section; the model's own bookkeeping of the depth is served. */
function outsideRcu(original: Step): Step {
  return (k: Exec) => {
    const exec = k as CheckExec;
    const word = k.task + NESTING;
    k.mem[word] = 1;
    exec.outsideRcu = true;
    try {
      return original(k);
    } finally {
      exec.outsideRcu = false;
      k.mem[word] = 0;
    }
  };
}

/** @throws {RangeError} for a name that is none, or a mutant that changes nothing in this kernel */
export function applyMutant(name: string, routines: readonly Routine[]): void {
  const mutant = MUTANTS.find((m) => m.name === name);
  if (mutant === undefined) throw new RangeError(`no mutant ${name}`);
  let changed = 0;
  for (const { routine, label, instead } of mutant.steps) {
    for (const r of routines) {
      if (r.name !== routine) continue;
      const steps = r.steps as Step[];
      r.labels.forEach((l, i) => {
        if (label !== '*' && l !== label) return;
        steps[i] = instead(steps[i] as Step, r);
        changed++;
      });
    }
  }
  if (changed === 0)
    throw new RangeError(`${name} changes nothing in this kernel: it has no such safeguard`);
}
