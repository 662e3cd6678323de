import type { KernelConfig } from '../model/index.ts';
import { DEFAULT_QUESTION, type Question } from './question.ts';

const ON = new Set([
  ...['64BIT', 'X86_64', 'SMP', 'MMU', 'PER_VMA_LOCK'],
  // For pages that leave memory.
  ...['SWAP', 'ADVISE_SYSCALLS'],
]);

/** A multiprocessor kernel with the lock and little else. */
export const CONFIG: KernelConfig = { get: (name) => (ON.has(name) ? 'y' : '') };

/** What is asked by default, in a room small enough for a test. */
export const BASE: Question = { ...DEFAULT_QUESTION, maxStates: 1_000_000 };
