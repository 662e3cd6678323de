/**
 * What a process runs: the file execve maps, what the start of its libc touches, and what its fork touches in the child. All in pages,
 * as the program headers say it (`readelf -lW`).
 */
import { PROT_EXEC, PROT_READ, PROT_WRITE } from './uapi.ts';

/** A part of a file that is mapped (PT_LOAD). */
export interface Segment {
  /** Where it is mapped (p_vaddr); in a file that may be mapped anywhere, from where that begins. */
  readonly at: number;
  /** Page of the file it begins with (p_offset). */
  readonly offset: number;
  /** Pages that hold something of the file (p_filesz). */
  readonly file: number;
  /** Pages in all (p_memsz): those beyond `file` are bss. */
  readonly pages: number;
  /** PROT_* of the mapping. */
  readonly prot: number;
  /** The file ends inside its last page, and the rest of that page is bss, which execve clears. */
  readonly clears: boolean;
}

/** An executable, or an interpreter. */
export interface ElfFile {
  /** It can be mapped anywhere (ET_DYN): a position-independent program, or ld.so. */
  readonly anywhere: boolean;
  /** In the order of their addresses. */
  readonly segments: readonly Segment[];
  /** What becomes read-only once it is relocated (PT_GNU_RELRO). */
  readonly relro?: { readonly at: number; readonly pages: number };
}

/** What an address of a program counts from. */
export const BASES = ['image', 'interpreter', 'heap', 'stack', 'vdso'] as const;
export type Base = (typeof BASES)[number];

/** Something a program does before its own code, in user mode. */
export type Step =
  /** On each of `pages` pages, ascending. A page of the stack is counted from the one execve leaves the stack pointer in. */
  | {
      readonly does: 'read' | 'write';
      readonly base: Base;
      readonly page: number;
      readonly pages: number;
    }
  /** Makes the heap longer. */
  | { readonly does: 'brk'; readonly pages: number }
  /** Makes read-only what PT_GNU_RELRO says. */
  | { readonly does: 'relro'; readonly base: 'image' | 'interpreter' };

/** A program as execve finds it. */
export interface Program {
  readonly name: string;
  readonly file: ElfFile;
  /** What maps the libraries (PT_INTERP). */
  readonly interpreter?: ElfFile;
  /** Pages of the stack that arguments and environment fill. */
  readonly strings: number;
  /** From the entry point to `main`. */
  readonly start: readonly Step[];
  /** What the child does between a fork and the program's own code. */
  readonly forked: readonly Step[];
}

/** Pages of a file's mapping, holes between segments included (total_mapping_size). */
export function totalMappingSize(file: ElfFile): number {
  const last = file.segments.at(-1);
  return last === undefined ? 0 : last.at + last.pages - (file.segments[0]?.at ?? 0);
}

/** Pages the file itself has. */
export function filePages(file: ElfFile): number {
  return Math.max(0, ...file.segments.map((s) => s.offset + s.file));
}

/** The files of some programs, each once. */
export function filesOf(programs: readonly Program[]): readonly ElfFile[] {
  return [
    ...new Set(programs.flatMap((p) => (p.interpreter ? [p.file, p.interpreter] : [p.file]))),
  ];
}

const touch = (
  does: 'read' | 'write',
  base: Base,
  page: number,
  pages = 1,
): Extract<Step, { does: 'read' | 'write' }> => ({ does, base, page, pages });
const RW = PROT_READ | PROT_WRITE;

/**
 * What processes run that nothing else is said of: a statically linked program. It was read off one built with `gcc -O2 -static` and
 * glibc 2.36 for x86_64 that maps memory, touches it and forks: `readelf -lW` for the segments, the page-fault tracepoints for which
 * pages are touched until `main` and by `fork`. Other programs differ in the lengths of the segments and in what they touch, and so do
 * counts that depend on it: what mlockall finds missing, what a forked child touches first.
 */
export const STATIC_PROGRAM: Program = {
  name: 'static',
  file: {
    anywhere: false,
    segments: [
      { at: 0x400, offset: 0, file: 1, pages: 1, prot: PROT_READ, clears: false },
      {
        at: 0x401,
        offset: 1,
        file: 0x80,
        pages: 0x80,
        prot: PROT_READ | PROT_EXEC,
        clears: false,
      },
      { at: 0x481, offset: 0x81, file: 0x28, pages: 0x28, prot: PROT_READ, clears: false },
      { at: 0x4a9, offset: 0xa9, file: 7, pages: 13, prot: RW, clears: true },
    ],
    relro: { at: 0x4a9, pages: 4 },
  },
  strings: 1,
  start: [
    // The start of libc comes by everywhere in the code. A read maps 16 pages: from the start of the segment, or from a multiple of 16.
    touch('read', 'image', 0x401),
    touch('write', 'stack', -2, 2),
    touch('read', 'image', 0x400),
    // It reads the headers of the vdso.
    touch('read', 'vdso', 0),
    ...Array.from({ length: 7 }, (_, i) => touch('read', 'image', 0x411 + 16 * i)),
    touch('read', 'image', 0x480),
    // But not at the constants from 0x4a0 on.
    touch('read', 'image', 0x481),
    touch('read', 'image', 0x491),
    touch('read', 'image', 0x4a9),
    touch('write', 'image', 0x4ab, 2),
    touch('write', 'image', 0x4ad, 3),
    touch('write', 'image', 0x4b0, 6),
    { does: 'brk', pages: 1 },
    touch('write', 'heap', 0),
    { does: 'relro', base: 'image' },
  ],
  forked: [
    // The code after the system call.
    touch('read', 'image', 0x438),
    // The number of the fork, and the lists of thread stacks.
    touch('write', 'image', 0x4b5),
    touch('write', 'image', 0x4ae),
    touch('write', 'stack', 0),
    // Back in the program.
    touch('read', 'image', 0x401),
  ],
};
