/** The places of callers that look at an address space without any lock and fall back to mmap_lock when it changed meanwhile. */
import type { KernelBuilder } from '../../kernel-builder.ts';

export interface SpeculationSites {
  /** Event: a writer had the lock already. */
  readonly begin: number;
  /** Event: a writer came while the caller looked. */
  readonly retry: number;
}

/** Registers both. Without per-VMA locks mmap_lock_speculate_try_begin gives false, so that the second is never reached. */
export function speculationSites(b: KernelBuilder, caller: string, file: string): SpeculationSites {
  const site = (tries: string, trigger: string, late: boolean) =>
    b.fallback(
      {
        site: `${caller}:${tries}`,
        file,
        caller,
        tries,
        trigger,
        fallback: 'mmap_read_lock, vma_lookup',
      },
      late,
    );
  return {
    begin: site('mmap_lock_speculate_try_begin', 'mmap_lock is held for writing', false),
    retry: site('mmap_lock_speculate_retry', 'a writer came during the lookup', true),
  };
}
