/**
 * The address space a process starts with: that of a statically linked program, as execve and the start of libc leave it. Its
 * five segments are of a file, behind them lie bss and heap, below the stack what the kernel maps.
 */
import type { Exec } from './machine/index.ts';
import type { AnonVma } from './mm/anon-vma.ts';
import type { MmCore } from './mm/mm-core.ts';
import { mkPte, PTE_DIRTY, PTE_PRESENT, PTE_WRITE } from './mm/page-table.ts';
import type { Shmem } from './mm/shmem.ts';
import { STACK_RESERVE } from './mm/stack.ts';
import {
  VM_EXEC,
  VM_GROWSDOWN,
  VM_OPS_SHMEM,
  VM_OPS_SPECIAL,
  VM_PFNMAP,
  VM_READ,
  VM_WRITE,
} from './mm/structs.ts';

/** Page numbers of the model's address space, the same for every width so that a workload's addresses compare. */
const IMAGE_START = 0x400;
/** First page of code. */
export const TEXT_START = 0x401;
const RODATA_START = 0x481;
const RELRO_START = 0x4a9;
const DATA_START = 0x4ad;
const BSS_START = 0x4b0;
const BSS_END = 0x4b6;
const HEAP_START = 0x1000;
const HEAP_PAGES = 1;
const MMAP_BASE = 0x40000;
const STACK_PAGES = 33;
const VVAR_PAGES = 4;
const VDSO_PAGES = 2;
/** Free pages above the stack, where the kernel keeps vvar, vdso and the end of user space. */
const ABOVE_STACK = 16;

/** Has a process's mm set up when an executor boots the machine. */
export function bootProcess(c: MmCore, anon: AnonVma, shm: Shmem, mm: number): void {
  const { MM, VMA, pt } = c;
  const { brk, start_brk, start_stack, mmap_base, map_count, total_vm } = MM.at;
  const map = (k: Exec, start: number, end: number, flags: number, ops = 0, file = 0) => {
    const vma = c.vmas.alloc(k);
    for (const at of Object.values(VMA.at)) k.poke(vma + at, 0);
    k.poke(vma + VMA.at.vm_start, start);
    k.poke(vma + VMA.at.vm_end, end);
    k.poke(vma + VMA.at.vm_mm, mm);
    k.poke(vma + VMA.at.vm_flags, flags);
    k.poke(vma + VMA.at.vm_ops, ops);
    k.poke(vma + VMA.at.vm_file, file);
    k.poke(vma + VMA.at.vm_pgoff, file === 0 ? start : start - IMAGE_START);
    c.lock.init(k, vma);
    if (c.lockKind === 'refcount') k.poke(vma + VMA.at.vm_refcnt, 1);
    if (flags & VM_WRITE) anon.attachFresh(k, vma);
    if (file !== 0 && start !== IMAGE_START) shm.get(k, file);
    c.tree.store(k, mm, start, end, vma);
    k.poke(mm + map_count, k.peek(mm + map_count) + 1);
    k.poke(mm + total_vm, k.peek(mm + total_vm) + end - start);
    return vma;
  };
  const touch = (k: Exec, page: number) => {
    pt.allocate(k, mm, page);
    const entry = pt.find(k, mm, page);
    k.poke(entry, mkPte(c.pages.alloc(k), PTE_PRESENT | PTE_WRITE | PTE_DIRTY));
  };
  c.b.onBoot((k) => {
    const top = pt.pages - ABOVE_STACK;
    k.poke(mm + start_brk, HEAP_START);
    k.poke(mm + brk, HEAP_START + HEAP_PAGES);
    k.poke(mm + mmap_base, MMAP_BASE);
    k.poke(mm + start_stack, top - 1);
    map(k, HEAP_START, HEAP_START + HEAP_PAGES, VM_READ | VM_WRITE);
    const file = shm.create(k, BSS_START - IMAGE_START);
    const segment = (start: number, end: number, flags: number) =>
      map(k, start, end, flags, VM_OPS_SHMEM, file);
    segment(IMAGE_START, TEXT_START, VM_READ);
    segment(TEXT_START, RODATA_START, VM_READ | VM_EXEC);
    segment(RODATA_START, RELRO_START, VM_READ);
    // Written by relocation, then made read-only: it has an anon_vma, too.
    anon.attachFresh(k, segment(RELRO_START, DATA_START, VM_READ));
    segment(DATA_START, BSS_START, VM_READ | VM_WRITE);
    map(k, BSS_START, BSS_END, VM_READ | VM_WRITE);
    map(k, top - STACK_PAGES, top, VM_READ | VM_WRITE | VM_GROWSDOWN);
    // Above what the program maps and below the stack: where an mmap area that grows down begins.
    const vvar = pt.pages - STACK_RESERVE;
    const vdso = vvar + VVAR_PAGES;
    map(k, vvar, vdso, VM_READ | VM_PFNMAP, VM_OPS_SPECIAL);
    map(k, vdso, vdso + VDSO_PAGES, VM_READ | VM_EXEC, VM_OPS_SPECIAL);
    for (const page of [DATA_START, BSS_START, HEAP_START]) touch(k, page);
    for (let i = 1; i <= 3; i++) touch(k, top - i);
  });
}
