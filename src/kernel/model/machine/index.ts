/** The formalism: words, labelled steps, threads, and the executor without time. */
export * from './exec.ts';
export * from './kernel-bug.ts';
export * from './lock-hooks.ts';
export * from './memory.ts';
export * from './routine.ts';
export * from './sequential.ts';
export * from './task.ts';
export * from './words.ts';
export * from './work.ts';
