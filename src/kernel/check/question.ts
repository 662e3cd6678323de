import { LOOKUPS } from '../lookup-variants.ts';

/** What a reader runs: a lookup by itself, or all of a page fault. */
export const SUBJECTS = {
  ...LOOKUPS,
  fault: 'a page fault of user space that writes: do_user_addr_fault with its own loop',
} as const;
export type SubjectName = keyof typeof SUBJECTS;

/** What a writer does, over and over. */
export const WRITES = {
  modify: 'mprotect of a VMA, between two protections',
  split: 'mprotect of half a VMA, which splits it, and back, which merges it',
  reuse: 'mmap(MAP_FIXED) over a VMA, which detaches it and maps another',
  unmap: 'munmap of a VMA, and mmap at its place',
  pageout: 'madvise(MADV_PAGEOUT) of a page, which takes mmap_lock for reading only',
  remote: 'mmap and munmap in another mm, which takes its VMAs from the same slab cache',
} as const;
export type Write = keyof typeof WRITES;

/** What the reader has already when it calls the lookup. */
export const HOLDINGS = {
  nothing: 'nothing',
  vma: 'the read lock of a VMA',
  mmap_lock: 'mmap_lock for reading',
} as const;
export type Holding = keyof typeof HOLDINGS;

export const PROPERTIES = {
  safety:
    'a VMA that a lookup returns is attached, covers the address, belongs to the mm, is not being modified, and stays so while it is held',
  deadlock: 'some thread can move until all have ended',
  progress: 'a lookup that started returns',
  killable: 'a lookup is left on a fatal signal though the writer never lets go',
  retries: 'each loop of a lookup is passed a bounded number of times',
} as const;
export type Property = keyof typeof PROPERTIES;

/** Which schedules count when something might go on for ever. */
export const FAIRNESSES = {
  none: 'any schedule, also one that never runs a thread that could run',
  weak: 'a thread that can always run is run again and again',
  strong: 'a thread that can run again and again is run again and again',
} as const;
export type Fairness = keyof typeof FAIRNESSES;

/** How mmap_lock treats its queue. */
export const QUEUES = {
  handoff: 'the first waiter asks for handoff at once: nobody steals the lock from it twice',
  stealing: 'no waiter ever waits long enough to ask for handoff: the lock may be stolen for ever',
} as const;
export type Queue = keyof typeof QUEUES;

/** The words of a question that come from a list, by key: each word with what it means. */
export const QUESTION_WORDS = {
  lookup: SUBJECTS,
  property: PROPERTIES,
  fairness: FAIRNESSES,
  queue: QUEUES,
  write: WRITES,
  holding: HOLDINGS,
} as const;

/** What is asked of the checker: a lookup against writers, and the property that is to hold. */
export interface Question {
  readonly lookup: SubjectName;
  readonly property: Property;
  readonly fairness: Fairness;
  readonly queue: Queue;
  readonly readers: number;
  readonly writers: number;
  readonly vmas: number;
  /** Operations of each writer; `Infinity` for one that never ends. */
  readonly ops: number;
  /** Lookups of each reader. */
  readonly lookups: number;
  readonly write: Write;
  readonly holding: Holding;
  readonly mutate?: string;
  /** Writers that want mmap_lock spin while its owner runs (RWSEM_SPIN_ON_OWNER). */
  readonly spin: boolean;
  /** Whether steps that commute with those of all other threads are taken together, and states that are alike for one. */
  readonly reduce: boolean;
  /** Most states to visit. */
  readonly maxStates: number;
}

/** What is asked where nothing else is said. */
export const DEFAULT_QUESTION: Question = {
  lookup: 'classic',
  property: 'safety',
  fairness: 'weak',
  queue: 'handoff',
  readers: 1,
  writers: 1,
  vmas: 1,
  ops: 2,
  lookups: 1,
  write: 'modify',
  holding: 'nothing',
  spin: false,
  reduce: true,
  maxStates: 50_000_000,
};
