/** What must hold of a kernel at rest, whatever was run. For tests. */
import { type Exec, TASK } from './machine/index.ts';
import {
  isSwapPte,
  PTE_ANON_EXCLUSIVE,
  PTE_PRESENT,
  PTE_SWP_EXCLUSIVE,
  PTE_WRITE,
  ptePfn,
  ptePresent,
  swpSlot,
} from './mm/page-table.ts';
import { VM_ACCESS_FLAGS, VM_ACCOUNT, VM_SHARED } from './mm/structs.ts';
import { rwsemIsFree } from './sync/rwsem/index.ts';
import { TASK_ALIVE } from './task/clone.ts';
import type { Ran } from './user-script.test-util.ts';

/** Violations found, in words; empty when all is well. */
export function violations(m: Ran): string[] {
  const { exec: k, machine } = m;
  const { core } = machine;
  const { VMA, MM } = core;
  const found: string[] = [];
  const referenced = new Map<number, number>();
  const whole = new Map<number, number>();
  /** Mappings through which a private page can be written. */
  const writable = new Map<number, number>();
  /** Entries that stand for each slot of swap, and slots that an entry claims for itself. */
  const swapped = new Map<number, number>();
  const exclusive = new Set<number>();
  /** How often each page is mapped, a huge one as its first; and those that an entry claims for itself. */
  const mapped = new Map<number, number>();
  const mine = new Set<number>();
  core.mms.forEach((mm, i) => {
    const entries = core.tree.entries(k, mm);
    let last = 0;
    for (const [start, end, vma] of entries) {
      if (start >= end || start < last)
        found.push(`mm ${i}: range [${start}, ${end}) is out of order`);
      last = end;
      if (k.peek(vma + VMA.at.vm_start) !== start || k.peek(vma + VMA.at.vm_end) !== end) {
        found.push(`mm ${i}: VMA and tree disagree on [${start}, ${end})`);
      }
      if (!core.lock.readerFree(k, vma)) found.push(`mm ${i}: a reader holds [${start}, ${end})`);
      const accessible = (k.peek(vma + VMA.at.vm_flags) & VM_ACCESS_FLAGS) !== 0;
      const checkProtection = (pte: number, page: number) => {
        if (((pte & PTE_PRESENT) !== 0) !== accessible) {
          found.push(`mm ${i}: page ${page} does not have the protection of its VMA`);
        }
      };
      const checkOwner = (pte: number, page: number) => {
        const pfn = ptePfn(pte);
        mapped.set(pfn, (mapped.get(pfn) ?? 0) + 1);
        if (pte & PTE_ANON_EXCLUSIVE) mine.add(pfn);
        const isPrivate = !(k.peek(vma + VMA.at.vm_flags) & VM_SHARED);
        if (isPrivate && pte & PTE_WRITE && !(pte & PTE_ANON_EXCLUSIVE)) {
          found.push(`mm ${i}: page ${page} can be written and is not exclusive`);
        }
      };
      core.pt.each(k, mm, start, end, (entry, page) => {
        const pte = k.peek(entry);
        if (pte === 0) return;
        if (isSwapPte(pte)) {
          swapped.set(swpSlot(pte), (swapped.get(swpSlot(pte)) ?? 0) + 1);
          if (pte & PTE_SWP_EXCLUSIVE) exclusive.add(swpSlot(pte));
          return;
        }
        if (ptePresent(pte)) {
          checkProtection(pte, page);
          checkOwner(pte, page);
        }
        referenced.set(ptePfn(pte), (referenced.get(ptePfn(pte)) ?? 0) + 1);
        if (pte & PTE_WRITE && !(k.peek(vma + VMA.at.vm_flags) & VM_SHARED)) {
          writable.set(ptePfn(pte), (writable.get(ptePfn(pte)) ?? 0) + 1);
        }
      });
      core.pt.eachHuge(k, mm, start, end, (entry, page) => {
        if (ptePresent(entry)) {
          checkProtection(entry, page);
          checkOwner(entry, page);
        }
        if (page < start || page + core.pt.span > end) {
          found.push(`mm ${i}: the huge page at ${page} reaches out of its VMA`);
        }
        const head = ptePfn(entry);
        if (head !== 0) whole.set(head, (whole.get(head) ?? 0) + 1);
      });
    }
    core.pt.each(k, mm, 0, core.pt.pages, (entry, page) => {
      if (k.peek(entry) === 0) return;
      if (!entries.some(([s, e]) => page >= s && page < e)) {
        found.push(`mm ${i}: page ${page} is mapped outside every VMA`);
      }
    });
    if (k.peek(mm + MM.at.map_count) !== entries.length) found.push(`mm ${i}: map_count is wrong`);
    const total = entries.reduce((n, [s, e]) => n + e - s, 0);
    if (k.peek(mm + MM.at.total_vm) !== total) found.push(`mm ${i}: total_vm is wrong`);
    if (!rwsemIsFree(k, mm + MM.at.mmap_lock)) found.push(`mm ${i}: mmap_lock is not free`);
    if (k.peek(mm + MM.at.page_table_lock) !== 0) found.push(`mm ${i}: page_table_lock is held`);
    // A plain counter may be anything.
    const seqcount = core.b.isReal('mm_lock_seqcount_begin');
    if (seqcount && k.peek(mm + MM.at.mm_lock_seq) % 2 !== 0) {
      found.push(`mm ${i}: mm_lock_seq is odd with mmap_lock free`);
    }
  });
  for (const pfn of m.machine.held(k)) referenced.set(pfn, (referenced.get(pfn) ?? 0) + 1);
  // The page cache holds one reference to each of its pages; huge ones it holds as a whole.
  for (const { pfn, huge } of m.machine.shm.cached(k)) {
    const held = huge ? whole : referenced;
    held.set(pfn, (held.get(pfn) ?? 0) + 1);
  }
  for (const pfn of mine) {
    if (pfn === 0) found.push('the zero page is exclusive');
    const n = mapped.get(pfn) ?? 0;
    if (n > 1) found.push(`page ${pfn} is exclusive and mapped ${n} times`);
  }
  const { pages, swap } = core;
  const slots = new Set(swapped.keys());
  for (const slot of swap.cachedSlots(k)) {
    const pfn = swap.cached(k, slot);
    slots.add(slot);
    referenced.set(pfn, (referenced.get(pfn) ?? 0) + 1);
    if (swap.slotOf(k, pfn) !== slot) found.push(`slot ${slot} has a page that has another slot`);
    if (k.peek(swap.lockOf(pfn)) !== 0) found.push(`page ${pfn} is locked`);
  }
  for (const slot of slots) {
    if (swap.isPrepared(k, slot)) found.push(`slot ${slot} is being read`);
    const n = swapped.get(slot) ?? 0;
    if (swap.count(k, slot) !== n) {
      found.push(`slot ${slot} is counted ${swap.count(k, slot)} times instead of ${n}`);
    }
    const stillMapped = mine.has(swap.cached(k, slot)) && n > 0;
    if (stillMapped) found.push(`the page of slot ${slot} is exclusive and in swap, too`);
    if (exclusive.has(slot) && n > 1) found.push(`slot ${slot} is exclusive to ${n} entries`);
  }
  if (swap.inUse(k) !== slots.size) {
    found.push(`${swap.inUse(k)} slots are in use, ${slots.size} are reachable`);
  }
  const headOf = (pfn: number): number => pages.headOf(pfn);
  referenced.delete(0);
  const blocks = new Set(whole.keys());
  let small = 0;
  for (const [pfn, n] of referenced) {
    const head = headOf(pfn);
    if (head === 0) small++;
    else blocks.add(head);
    const expected = n + (head === 0 ? 0 : (whole.get(head) ?? 0));
    if (pages.refcount(k, pfn) !== expected) {
      found.push(`page ${pfn} has ${pages.refcount(k, pfn)} references instead of ${expected}`);
    }
  }
  for (const [head, n] of whole) {
    const expected = n + (referenced.get(head) ?? 0);
    if (pages.refcount(k, head) !== expected) found.push(`huge page ${head} is miscounted`);
  }
  const used = small + blocks.size * pages.hugeSpan;
  if (pages.inUse(k) !== used)
    found.push(`${pages.inUse(k)} pages are in use, ${used} are reachable`);
  const vmas = core.mms.reduce((n, mm) => n + core.tree.entries(k, mm).length, 0);
  if (core.vmas.inUse(k) !== vmas) {
    found.push(`${core.vmas.inUse(k)} VMAs are allocated, ${vmas} are in trees`);
  }
  for (const [pfn, n] of writable) {
    const slot = swap.slotOf(k, pfn);
    const own = slot === 0 ? 1 : 2;
    const others = referenced.get(pfn) !== own || core.pages.refcount(k, pfn) !== own;
    if (n > 1 || others || swap.count(k, slot) > 0) {
      found.push(`page ${pfn} can be written by one process and is seen by another`);
    }
  }
  const anons = new Set<number>();
  for (const mm of core.mms) {
    for (const [, , vma] of core.tree.entries(k, mm)) {
      const its = k.peek(vma + VMA.at.anon_vma);
      if (its !== 0) anons.add(its).add(machine.anon.rootOf(k, its));
    }
  }
  if (machine.anon.inUse(k) !== anons.size) {
    found.push(`${machine.anon.inUse(k)} anon_vmas are allocated, ${anons.size} have VMAs`);
  }
  core.mms.forEach((mm, i) => {
    const users = machine.area.tasks.filter((t) => k.peek(t + TASK.at.mm) === mm).length;
    if (k.peek(mm + MM.at.mm_users) !== users) found.push(`mm ${i}: mm_users is wrong`);
    const used = machine.tasks.mmInUse(k, mm);
    if (used !== users > 0) found.push(`mm ${i}: ${users} tasks and ${used ? '' : 'not '}in use`);
    if (!used && k.peek(mm + MM.at.pgd) !== 0) found.push(`mm ${i}: page tables are left over`);
  });
  for (const file of machine.shm.all(k)) {
    if (!rwsemIsFree(k, machine.shm.mappingSemOf(file))) found.push('an i_mmap_rwsem is held');
    if (!rwsemIsFree(k, machine.shm.semOf(file))) found.push('an i_rwsem is held');
    const its = core.mms
      .flatMap((mm) => core.tree.entries(k, mm))
      .filter(([, , vma]) => k.peek(vma + VMA.at.vm_file) === file).length;
    const linked = machine.shm.linked(k, file);
    if (linked !== its) found.push(`${linked} VMAs are linked to a file that ${its} map`);
  }
  if (!rwsemIsFree(k, machine.shmIds.rwsem)) found.push('the identifiers of segments are locked');
  const { signals } = machine;
  for (const signal of signals.pool.objects) {
    if (!rwsemIsFree(k, signal + signals.at.exec_update_lock)) {
      found.push('an exec_update_lock is held');
    }
  }
  const alive = machine.area.tasks.filter((t) => k.peek(t + TASK.at.mm) !== 0);
  const groups = new Set(alive.map((t) => k.peek(t + TASK.at.signal)));
  if (signals.pool.inUse(k) !== groups.size) {
    found.push(`${signals.pool.inUse(k)} signal_structs are in use, ${groups.size} have tasks`);
  }
  const numbers = new Set(machine.area.tasks.map((t) => k.peek(t + TASK.at.nr)));
  if (numbers.size !== machine.area.tasks.length) found.push('two tasks have the same number');
  for (const t of alive) {
    if (k.peek(t + TASK.at.sigkill) !== 0) found.push('a task lives with a fatal signal');
    if (k.peek(t + TASK.at.unhashed) !== 0) found.push('a task lives outside its process');
    const madeLater = machine.area.tasks.indexOf(t) >= machine.size.processOf.length;
    if (madeLater && k.peek(t + TASK.at.exit_state) !== TASK_ALIVE) {
      found.push('a task lives in a slot that is free');
    }
    const signal = k.peek(t + TASK.at.signal);
    if (k.peek(signal + signals.at.group_exec_task) !== 0) found.push('an exec has not ended');
  }
  if (core.rcu.pending(k) !== 0) found.push('RCU callbacks are left over');
  return found;
}

/** What user space can see of an address space: each VMA with its flags and which pages are present. */
export function visible(m: Ran, k: Exec = m.exec): string[] {
  const { core } = m.machine;
  return core.mms.flatMap((mm) =>
    core.tree.entries(k, mm).map(([start, end, vma]) => {
      let present = '';
      core.pt.each(k, mm, start, end, (entry, page) => {
        const pte = k.peek(entry);
        if (pte !== 0) present += ` ${page}:${pte & 31}${ptePfn(pte) === 0 ? 'z' : ''}`;
      });
      core.pt.eachHuge(k, mm, start, end, (entry, page) => {
        present += ` huge ${page}:${entry & 31}${ptePfn(entry) === 0 ? 'z' : ''}`;
      });
      const file = k.peek(vma + core.VMA.at.vm_file);
      const behind = file === 0 ? '' : ` file@${k.peek(vma + core.VMA.at.vm_pgoff)}`;
      const flags = k.peek(vma + core.VMA.at.vm_flags) & ~VM_ACCOUNT;
      return `[${start}, ${end}) ${flags}${behind}${present}`;
    }),
  );
}
