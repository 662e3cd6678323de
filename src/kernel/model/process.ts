/** The address spaces a machine starts with: what execve and the start of libc leave of a program, put there at once. */
import type { Exec } from './machine/index.ts';
import type { AnonVma } from './mm/anon-vma.ts';
import type { MmCore } from './mm/mm-core.ts';
import type { MmLockSeq } from './mm/mmap-lock.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MKDIRTY,
  PTE_PRESENT,
  PTE_WRITE,
  ptePfn,
  ptePresent,
} from './mm/page-table.ts';
import { ZERO_PFN } from './mm/pages.ts';
import type { Shmem } from './mm/shmem.ts';
import {
  VM_ACCOUNT,
  VM_GROWSDOWN,
  VM_OPS_SHMEM,
  VM_OPS_SPECIAL,
  VM_READ,
  VM_WRITE,
} from './mm/structs.ts';
import { type Base, filePages, filesOf, type Program, type Segment, type Step } from './program.ts';
import { isSince } from './release.ts';
import type { Binaries } from './task/exec/binaries.ts';
import {
  FIRST_MAPPING,
  loadBias,
  MMAP_BASE,
  placeOf,
  STACK_EXPAND,
  specialMappings,
  stackTop,
} from './task/exec/layout.ts';

/** Pages a read of a file maps around the one it wants (fault_around_bytes). */
const FAULT_AROUND = 16;

/** Page frames that the files of programs take, whoever runs them. */
export function imagePages(programs: readonly Program[]): number {
  return filesOf(programs).reduce((n, file) => n + filePages(file), 0);
}

/**
 * Has the processes of a machine set up when an executor boots it; all run the first program.
 *
 * @param seq  how an mm counts the times it was locked for writing
 */
export function bootProcesses(
  c: MmCore,
  anon: AnonVma,
  shm: Shmem,
  binaries: Binaries,
  mms: readonly number[],
  seq: MmLockSeq,
): void {
  c.b.onBoot((k) => {
    for (const mm of mms) {
      const sections = new Process(c, anon, shm, k, mm, binaries).boot();
      if (c.lockKind === 'absent') continue;
      k.poke(mm + c.MM.at.mm_lock_seq, seq === 'seqcount' ? 2 * sections : sections);
    }
  });
}

class Process {
  readonly #c: MmCore;
  readonly #anon: AnonVma;
  readonly #shm: Shmem;
  readonly #k: Exec;
  readonly #mm: number;
  readonly #program: Program;
  readonly #binaries: Binaries;
  /** Times that mmap_lock was held for writing. */
  #sections = 0;

  constructor(c: MmCore, anon: AnonVma, shm: Shmem, k: Exec, mm: number, binaries: Binaries) {
    this.#c = c;
    this.#anon = anon;
    this.#shm = shm;
    this.#k = k;
    this.#mm = mm;
    this.#binaries = binaries;
    this.#program = binaries.programs[0] as Program;
  }

  /** Gives how often execve and the start took mmap_lock for writing. */
  boot(): number {
    const { MM, pt } = this.#c;
    const { brk, start_brk, start_stack, mmap_base, saved_auxv } = MM.at;
    const { file, interpreter, strings, start } = this.#program;
    const set = (at: number, value: number) => this.#k.poke(this.#mm + at, value);
    const top = stackTop(pt);
    const heap = this.#load(file, loadBias(file));
    set(mmap_base, MMAP_BASE);
    set(start_brk, heap);
    set(brk, heap);
    set(start_stack, top - strings);
    this.#map(top - strings - STACK_EXPAND, top, VM_READ | VM_WRITE | VM_GROWSDOWN);
    for (let i = 1; i <= strings; i++) this.#write(top - i);
    if (interpreter !== undefined) {
      set(saved_auxv, FIRST_MAPPING);
      this.#load(interpreter, FIRST_MAPPING);
    }
    for (const { start, end, flags } of specialMappings(pt)) {
      this.#map(start, end, flags, VM_OPS_SPECIAL);
    }
    for (const step of start) this.#step(step);
    // bprm_mm_init, setup_arg_pages, map_vdso; since 6.5 also create_elf_tables, and what grows the stack for more strings.
    this.#sections += 3 + (isSince(this.#c.release, '6.6') ? strings : 0);
    return this.#sections;
  }

  /** Maps a file and gives the page behind it. */
  #load(file: Program['file'], bias: number): number {
    const binary = this.#binaries.of(this.#k, file);
    for (const s of file.segments) this.#segment(s, bias, binary);
    // The rest of the first mapping.
    if (file.anywhere && file.segments.length > 1) this.#sections++;
    return bias + Math.max(...file.segments.map((s) => s.at + s.pages));
  }

  #segment(s: Segment, bias: number, binary: number): void {
    const start = bias + s.at;
    const end = start + s.file;
    if (s.file > 0) this.#sections++;
    if (s.pages > s.file) this.#sections++;
    if (s.file > 0) this.#map(start, end, s.prot, VM_OPS_SHMEM, binary, s.offset);
    if (s.pages > s.file) this.#map(end, start + s.pages, VM_READ | VM_WRITE);
    if (s.clears) this.#write(end - 1);
  }

  #map(start: number, end: number, access: number, ops = 0, file = 0, pgoff = start): number {
    const { VMA, MM, vmas, tree, lock, lockKind } = this.#c;
    const { map_count, total_vm } = MM.at;
    const k = this.#k;
    const mm = this.#mm;
    const vma = vmas.alloc(k);
    for (const at of Object.values(VMA.at)) k.poke(vma + at, 0);
    k.poke(vma + VMA.at.vm_start, start);
    k.poke(vma + VMA.at.vm_end, end);
    k.poke(vma + VMA.at.vm_mm, mm);
    const account = access & VM_WRITE ? VM_ACCOUNT : 0;
    k.poke(vma + VMA.at.vm_flags, access | account | this.#c.softDirty.vmFlag);
    k.poke(vma + VMA.at.vm_ops, ops);
    k.poke(vma + VMA.at.vm_file, file);
    k.poke(vma + VMA.at.vm_pgoff, pgoff);
    lock.init(k, vma);
    if (lockKind === 'refcount') k.poke(vma + VMA.at.vm_refcnt, 1);
    if (file !== 0) {
      this.#shm.get(k, file);
      this.#shm.link(k, file, 1);
    }
    tree.store(k, mm, start, end, vma);
    k.poke(mm + map_count, k.peek(mm + map_count) + 1);
    k.poke(mm + total_vm, k.peek(mm + total_vm) + end - start);
    return vma;
  }

  #step(step: Step): void {
    switch (step.does) {
      case 'relro':
        this.#sections++;
        this.#protect(step.base);
        return;
      case 'brk':
        this.#sections++;
        this.#grow(step.pages);
        return;
      default: {
        const first = this.#place(step.base) + step.page;
        for (let page = first; page < first + step.pages; page++) {
          if (step.does === 'read') this.#read(page);
          else this.#write(page);
        }
      }
    }
  }

  #place(base: Base): number {
    const { pt, MM } = this.#c;
    return placeOf(this.#k, this.#mm, MM, pt, this.#program, base);
  }

  /** A heap is a VMA of its own from the first time on, whatever it lies beside (vma_prev_limit in brk). */
  #grow(pages: number): void {
    const { MM, VMA, tree } = this.#c;
    const { brk, start_brk, total_vm } = MM.at;
    const k = this.#k;
    const mm = this.#mm;
    const old = k.peek(mm + brk);
    k.poke(mm + brk, old + pages);
    if (old === k.peek(mm + start_brk)) {
      this.#map(old, old + pages, VM_READ | VM_WRITE);
      return;
    }
    const vma = tree.walk(k, mm, old - 1);
    k.poke(vma + VMA.at.vm_end, old + pages);
    tree.store(k, mm, k.peek(vma + VMA.at.vm_start), old + pages, vma);
    k.poke(mm + total_vm, k.peek(mm + total_vm) + pages);
  }

  /** The beginning of a VMA becomes one of its own, without its pages' being written any more. */
  #protect(base: 'image' | 'interpreter'): void {
    const relro = this.#program[base === 'image' ? 'file' : 'interpreter']?.relro;
    if (relro === undefined) return;
    const { VMA, MM, pt, tree } = this.#c;
    const { vm_start, vm_end, vm_file, vm_pgoff, anon_vma } = VMA.at;
    const k = this.#k;
    const mm = this.#mm;
    const start = this.#place(base) + relro.at;
    const end = start + relro.pages;
    const vma = tree.walk(k, mm, start);
    const binary = k.peek(vma + vm_file);
    if (k.peek(vma + vm_end) > end) {
      const pgoff = k.peek(vma + vm_pgoff);
      k.poke(vma + vm_start, end);
      k.poke(vma + vm_pgoff, pgoff + end - start);
      k.poke(mm + MM.at.total_vm, k.peek(mm + MM.at.total_vm) - (end - start));
      const part = this.#map(start, end, VM_READ | VM_ACCOUNT, VM_OPS_SHMEM, binary, pgoff);
      if (k.peek(vma + anon_vma) !== 0) this.#anon.attachShared(k, part, vma);
    } else k.poke(vma + VMA.at.vm_flags, VM_READ | VM_ACCOUNT | this.#c.softDirty.vmFlag);
    pt.each(k, mm, start, end, (entry) => {
      if (k.peek(entry) !== 0) k.poke(entry, k.peek(entry) & ~PTE_WRITE);
    });
  }

  #put(page: number, pte: number): void {
    const { pt } = this.#c;
    pt.allocate(this.#k, this.#mm, page);
    this.#k.poke(pt.find(this.#k, this.#mm, page), pte);
  }

  /** What is mapped at a page, 0 when nothing is. */
  #entry(page: number): number {
    const entry = this.#c.pt.find(this.#k, this.#mm, page);
    return entry === 0 ? 0 : this.#k.peek(entry);
  }

  #read(page: number): void {
    if (ptePresent(this.#entry(page))) return;
    const { VMA, tree, pages } = this.#c;
    const { vm_start, vm_end, vm_file, vm_pgoff } = VMA.at;
    const k = this.#k;
    const vma = tree.walk(k, this.#mm, page);
    const file = k.peek(vma + vm_file);
    if (file === 0) {
      this.#put(page, mkPte(ZERO_PFN, PTE_PRESENT));
      return;
    }
    const start = k.peek(vma + vm_start);
    const first = Math.max(page - (page % FAULT_AROUND), start);
    const end = Math.min(first + FAULT_AROUND, k.peek(vma + vm_end));
    for (let at = first; at < end; at++) {
      if (this.#entry(at) !== 0) continue;
      const pfn = this.#shm.lookup(k, file, k.peek(vma + vm_pgoff) + at - start);
      if (pfn === 0) continue;
      pages.get(k, pfn);
      this.#put(at, mkPte(pfn, PTE_PRESENT));
    }
  }

  #write(page: number): void {
    const old = this.#entry(page);
    if (old & PTE_WRITE) return;
    const { VMA, tree, pages } = this.#c;
    const k = this.#k;
    const vma = tree.walk(k, this.#mm, page);
    if (k.peek(vma + VMA.at.anon_vma) === 0) this.#prepare(vma);
    const pfn = pages.alloc(k);
    pages.setData(k, pfn, pages.data(k, ptePresent(old) ? ptePfn(old) : ZERO_PFN));
    if (ptePresent(old) && ptePfn(old) !== ZERO_PFN) pages.put(k, ptePfn(old));
    this.#put(page, mkPte(pfn, PTE_PRESENT | PTE_MKDIRTY | PTE_WRITE | PTE_ANON_EXCLUSIVE));
  }

  /** A neighbour that is alike shares its anon_vma (find_mergeable_anon_vma). */
  #prepare(vma: number): void {
    const { VMA, tree } = this.#c;
    const { vm_start, vm_end, vm_flags, vm_file, anon_vma } = VMA.at;
    const k = this.#k;
    const before = tree.walk(k, this.#mm, k.peek(vma + vm_start) - 1);
    const alike =
      before !== 0 &&
      k.peek(before + anon_vma) !== 0 &&
      k.peek(before + vm_end) === k.peek(vma + vm_start) &&
      [vm_flags, vm_file].every((at) => k.peek(before + at) === k.peek(vma + at)) &&
      k.peek(vma + vm_file) === 0;
    if (alike) this.#anon.attachShared(k, vma, before);
    else this.#anon.attachFresh(k, vma);
  }
}
