/** Where execve puts things, in pages: the same for every width, so that a workload's addresses compare. */
import type { Exec } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { STACK_RESERVE } from '../../mm/stack.ts';
import { VM_EXEC, VM_PFNMAP, VM_READ } from '../../mm/structs.ts';
import type { Base, ElfFile, Program } from '../../program.ts';

/** Lowest page that mmap gives; in the model it looks for a free range upwards. */
export const MMAP_BASE = 0x40000;
/** What the first mapping of a new address space gets: one page is left free below it. */
export const FIRST_MAPPING = MMAP_BASE + 1;
/** Where position-independent programs are mapped (ELF_ET_DYN_BASE), without randomisation. */
const ELF_ET_DYN_BASE = 0x8000;
/** Free pages above the stack, where the kernel keeps the end of user space. */
const ABOVE_STACK = 16;
/** Pages a new stack has below what arguments fill (stack_expand in setup_arg_pages: 128 KiB). */
export const STACK_EXPAND = 32;
const VVAR_PAGES = 4;
const VDSO_PAGES = 2;

type Tables = MmCore['pt'];

/** The first page above a stack (STACK_TOP). */
export function stackTop(pt: Tables): number {
  return pt.pages - ABOVE_STACK;
}

/** What is added to the addresses of an executable. */
export function loadBias(file: ElfFile): number {
  return file.anywhere ? ELF_ET_DYN_BASE : 0;
}

/** vvar and vdso, in the order map_vdso installs them: above what a program maps and below the stack. */
export function specialMappings(
  pt: Tables,
): readonly { readonly start: number; readonly end: number; readonly flags: number }[] {
  const vvar = pt.pages - STACK_RESERVE;
  const vdso = vvar + VVAR_PAGES;
  return [
    { start: vdso, end: vdso + VDSO_PAGES, flags: VM_READ | VM_EXEC },
    { start: vvar, end: vdso, flags: VM_READ | VM_PFNMAP },
  ];
}

/** The page an address of a running program counts from. */
export function placeOf(
  k: Exec,
  mm: number,
  MM: MmCore['MM'],
  pt: Tables,
  program: Program,
  base: Base,
): number {
  switch (base) {
    case 'image':
      return loadBias(program.file);
    case 'interpreter':
      return k.peek(mm + MM.at.saved_auxv);
    case 'heap':
      return k.peek(mm + MM.at.start_brk);
    case 'stack':
      return k.peek(mm + MM.at.start_stack);
    case 'vdso':
      return specialMappings(pt)[0]?.start ?? 0;
  }
}
