/**
 * The address space a process starts with: that of a statically linked program, as execve and the start of libc leave it.
 *
 * The image is a fact about programs, not about the kernel. It was read off a program built with `gcc -O2 -static` and glibc 2.36
 * for x86_64 that maps memory, touches it and forks: `readelf -lW` for the segments, the page-fault tracepoints for which pages are
 * touched until `main` and by `fork`. Other programs differ in the lengths of the segments and in what they touch, and so do
 * counts that depend on it: what mlockall finds missing, what a forked child touches first.
 */
import type { Exec } from './machine/index.ts';
import type { AnonVma } from './mm/anon-vma.ts';
import type { MmCore } from './mm/mm-core.ts';
import { mkPte, PTE_DIRTY, PTE_PRESENT, PTE_WRITE } from './mm/page-table.ts';
import { ZERO_PFN } from './mm/pages.ts';
import type { Shmem } from './mm/shmem.ts';
import { STACK_RESERVE } from './mm/stack.ts';
import {
  VM_ACCOUNT,
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
const TEXT_START = 0x401;
const RODATA_START = 0x481;
const RELRO_START = 0x4a9;
const DATA_START = 0x4ad;
const BSS_START = 0x4b0;
/**
 * The heap begins where bss ends (COMPAT_BRK, or no randomisation). The first brk looks for a VMA to widen no further down than
 * here, so the two stay apart until something else has them merged (vma_prev_limit in mm/mmap.c, brk).
 */
const HEAP_START = 0x4b6;
const HEAP_PAGES = 1;
const MMAP_BASE = 0x40000;
const STACK_PAGES = 33;
const VVAR_PAGES = 4;
const VDSO_PAGES = 2;
/** Free pages above the stack, where the kernel keeps the end of user space. */
const ABOVE_STACK = 16;
/** Pages of the stack in use: arguments and environment, the auxiliary vector, the frames of main. */
const STACK_USED = 3;
/** The start of libc has come by everywhere in the code, but not at the constants from here on: a read maps 16 pages around it. */
const RODATA_UNREAD = 0x4a0;

/** Pages that libc's fork touches in the child, besides the stack and the thread's control block. */
export const FORKED = {
  /** The code after the system call. */
  fork: 0x438,
  /** The number of the fork, and the lists of thread stacks. */
  bss: HEAP_START - 1,
  data: DATA_START + 1,
  /** Back in the program. */
  main: TEXT_START,
};

/** Pages of page frames that all processes share: the program's file. */
export const IMAGE_PAGES = BSS_START - IMAGE_START;

/** Has the processes of a machine set up when an executor boots it; all run the same program. */
export function bootProcesses(c: MmCore, anon: AnonVma, shm: Shmem, mms: readonly number[]): void {
  c.b.onBoot((k) => {
    const file = shm.create(k, IMAGE_PAGES);
    for (let i = 0; i < IMAGE_PAGES; i++) shm.insert(k, file, i, c.pages.alloc(k));
    for (const mm of mms) bootProcess(c, anon, shm, k, mm, file);
    // The mappings keep it.
    shm.put(k, file);
  });
}

function bootProcess(
  c: MmCore,
  anon: AnonVma,
  shm: Shmem,
  k: Exec,
  mm: number,
  image: number,
): void {
  const { MM, VMA, pt } = c;
  const { brk, start_brk, start_stack, mmap_base, map_count, total_vm } = MM.at;
  const map = (start: number, end: number, access: number, ops = 0, file = 0) => {
    const flags = access | (access & VM_WRITE ? VM_ACCOUNT : 0);
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
    if (file !== 0) shm.get(k, file);
    c.tree.store(k, mm, start, end, vma);
    k.poke(mm + map_count, k.peek(mm + map_count) + 1);
    k.poke(mm + total_vm, k.peek(mm + total_vm) + end - start);
    return vma;
  };
  const put = (page: number, pte: number) => {
    pt.allocate(k, mm, page);
    k.poke(pt.find(k, mm, page), pte);
  };
  const written = (from: number, n: number, flags = PTE_WRITE) => {
    for (let page = from; page < from + n; page++) {
      put(page, mkPte(c.pages.alloc(k), PTE_PRESENT | PTE_DIRTY | flags));
    }
  };
  const readFrom = (from: number, to: number) => {
    for (let page = from; page < to; page++) {
      const pfn = shm.lookup(k, image, page - IMAGE_START);
      c.pages.get(k, pfn);
      put(page, mkPte(pfn, PTE_PRESENT));
    }
  };

  const top = pt.pages - ABOVE_STACK;
  k.poke(mm + start_brk, HEAP_START);
  k.poke(mm + brk, HEAP_START + HEAP_PAGES);
  k.poke(mm + mmap_base, MMAP_BASE);
  k.poke(mm + start_stack, top - 1);
  const segment = (start: number, end: number, flags: number) =>
    map(start, end, flags, VM_OPS_SHMEM, image);
  segment(IMAGE_START, TEXT_START, VM_READ);
  segment(TEXT_START, RODATA_START, VM_READ | VM_EXEC);
  segment(RODATA_START, RELRO_START, VM_READ);
  readFrom(IMAGE_START, RODATA_UNREAD);
  // Written by relocation, then made read-only: it has an anon_vma, too.
  anon.attachFresh(k, segment(RELRO_START, DATA_START, VM_READ | VM_ACCOUNT));
  readFrom(RELRO_START, RELRO_START + 2);
  written(RELRO_START + 2, 2, 0);
  anon.attachFresh(k, segment(DATA_START, BSS_START, VM_READ | VM_WRITE));
  written(DATA_START, BSS_START - DATA_START);
  const bss = map(BSS_START, HEAP_START, VM_READ | VM_WRITE);
  anon.attachFresh(k, bss);
  written(BSS_START, HEAP_START - BSS_START);
  // A neighbour that is alike shares its anon_vma (find_mergeable_anon_vma).
  anon.attachShared(k, map(HEAP_START, HEAP_START + HEAP_PAGES, VM_READ | VM_WRITE), bss);
  written(HEAP_START, HEAP_PAGES);
  anon.attachFresh(k, map(top - STACK_PAGES, top, VM_READ | VM_WRITE | VM_GROWSDOWN));
  written(top - STACK_USED, STACK_USED);
  // Above what the program maps and below the stack: where an mmap area that grows down begins.
  const vvar = pt.pages - STACK_RESERVE;
  const vdso = vvar + VVAR_PAGES;
  map(vvar, vdso, VM_READ | VM_PFNMAP, VM_OPS_SPECIAL);
  map(vdso, vdso + VDSO_PAGES, VM_READ | VM_EXEC, VM_OPS_SPECIAL);
  // The start of libc reads the headers of the vdso.
  put(vdso, mkPte(ZERO_PFN, PTE_PRESENT));
}
