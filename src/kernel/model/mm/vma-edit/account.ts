import type { Exec } from '../../machine/index.ts';
import type { MmCore } from '../mm-core.ts';

/** Keeps `map_count` and `total_vm` of an mm. mmap_lock is held for writing. */
export function account(c: MmCore, k: Exec, mm: number, vmas: number, npages: number): void {
  const { map_count, total_vm } = c.MM.at;
  k.poke(mm + map_count, k.peek(mm + map_count) + vmas);
  k.poke(mm + total_vm, k.peek(mm + total_vm) + npages);
}
