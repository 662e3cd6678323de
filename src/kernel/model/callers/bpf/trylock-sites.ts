/** Programs only try mmap_lock, which the code they interrupt may hold: the places where they go without. */
import type { MmCore } from '../../mm/mm-core.ts';

/** The two reasons for which a program that tries mmap_lock goes without it. */
export function trylockSites(
  c: MmCore,
  caller: string,
  file: string,
  fallback: string,
): { readonly trylock: number; readonly irqWork: number } {
  const site = (what: string, trigger: string) =>
    c.b.fallback({
      site: `${caller}:${what}`,
      file,
      caller,
      tries: 'mmap_read_trylock',
      trigger,
      fallback,
    });
  return {
    trylock: site('mmap_read_trylock', 'mmap_lock is held for writing, or a writer waits for it'),
    irqWork: site(
      'irq_work',
      'interrupts are off, and the irq_work of this CPU has another mmap_lock to drop, or the kernel is real-time',
    ),
  };
}
