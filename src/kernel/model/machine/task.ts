import { wordStruct } from './words.ts';

/** `task_struct.__state` (include/linux/sched.h): 0 is runnable, anything else sleeps until woken. */
export const TASK_RUNNING = 0;
/** Asleep until a signal comes: a task that only waits for one does not keep a run from ending. */
export const TASK_INTERRUPTIBLE = 1;
export const TASK_UNINTERRUPTIBLE = 2;
export const TASK_KILLABLE = 0x102;
/** The thread has returned from its outermost routine. */
export const TASK_DEAD = 0x80;

/** The part of task_struct the model needs; frames follow it. */
export const TASK = wordStruct('task_struct', {
  __state: 1,
  /** 1 while the scheduler may run the task; `schedule()` clears it when `__state` says to sleep. */
  on_rq: 1,
  /** Non-zero when a fatal signal is pending (`fatal_signal_pending`). */
  sigkill: 1,
  /** Depth of rcu_read_lock nesting. */
  rcu_read_lock_nesting: 1,
  /** Thread number. */
  pid: 1,
  /** Address of the thread's mm_struct. */
  mm: 1,
  /** Frame pointer: address of the current frame, 0 when the thread has ended. */
  fp: 1,
  /** What the routine called last returned. */
  result: 1,
  /** Next entry of the wait queue the task stands in (rwsem waiter list). */
  wait_next: 1,
  /** What it waits for there: 1 to read, 2 to write; 0 when it stands in no queue or was granted. */
  wait_kind: 1,
  /** Set when the writer at the head of a rwsem queue may not be overtaken any more; of a reader: it was told not to spin. */
  wait_handoff: 1,
  /** Task to be told of the exit; 0 for those the machine starts with. */
  real_parent: 1,
  /** EXIT_* of the task, see `../task/exit.ts`. */
  exit_state: 1,
  /** The task sleeps until a child exits (signal_struct.wait_chldexit has it). */
  wait_chldexit: 1,
  /** Task that sleeps on the futex word of this thread's exit; 0 without one. */
  futex_waiter: 1,
  /** Page of the thread's control block (fsbase): where the kernel writes its number and rseq. 0: the start of the heap. */
  fsbase: 1,
  /** Number of the thread that made this one. */
  origin: 1,
  /** Task that sleeps until this one has left its mm (vfork_done); 0 for one that does not borrow it, -1 when nobody waits any more. */
  vfork_done: 1,
  /** Page of the stack of a child that borrows the memory and not the stack; 0 for others. */
  sp: 1,
  /** Address of its signal_struct; 0 for a task that has never been. */
  signal: 1,
  /** 1 once the task is no longer a thread of its process (release_task). */
  unhashed: 1,
  /** Number user space knows the task by: that of its slot until a thread replaces its process and takes its number. */
  nr: 1,
  /** What the stores of the task's present operation write to the start of a page; 0: they write elsewhere in it. */
  stored: 1,
  /** What its last load of the start of a page gave. */
  loaded: 1,
  /** The task's place in a queue of spinners (optimistic_spin_node), which another's waits do not touch: a line of its own. */
  osq_next: { line: 1 },
  osq_prev: 1,
  osq_locked: 1,
});

/** Words of a frame before its variables: routine, label, caller's frame. */
export const FRAME_ROUTINE = 0;
export const FRAME_PC = 1;
export const FRAME_CALLER = 2;
/** Label at which the caller goes on; its own FRAME_PC stays at the label that called. */
export const FRAME_RETURN = 3;
export const FRAME_VARS = 4;
