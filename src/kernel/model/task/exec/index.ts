/** execve: another program in the caller's process. After do_execveat_common in fs/exec.c. */
import type { X86Fault } from '../../arch/x86/fault.ts';
import { type Exec, type Routine, routine, TASK, W } from '../../machine/index.ts';
import type { AnonVma } from '../../mm/anon-vma.ts';
import type { FindVma } from '../../mm/find-vma.ts';
import type { Gup } from '../../mm/gup/index.ts';
import { EINVAL, type MmCore } from '../../mm/mm-core.ts';
import type { MmPool } from '../../mm/mm-pool.ts';
import type { Syscalls } from '../../mm/syscalls.ts';
import type { VmaAlloc } from '../../mm/vma.ts';
import type { VmaEdit } from '../../mm/vma-edit/index.ts';
import { putUser } from '../put-user.ts';
import type { Binaries } from './binaries.ts';
import { bprm } from './bprm.ts';
import { beginNewExec, type ExecMmapParts } from './exec-mmap.ts';
import { MMAP_BASE } from './layout.ts';
import { loadElfBinary } from './load-elf.ts';
import { setupArgPages } from './setup-arg-pages.ts';
import { programSteps, type StepOps } from './start-program.ts';

export interface ExecParts extends Omit<ExecMmapParts, 'mmput'> {
  readonly binaries: Binaries;
  readonly mmPool: MmPool;
  readonly alloc: VmaAlloc;
  readonly anon: AnonVma;
  readonly edit: VmaEdit;
  readonly find: FindVma;
  readonly gup: Gup;
  readonly sys: Syscalls;
  readonly x86: X86Fault;
  readonly put_user: Routine;
  /** `(pages, prot, flags, at, file, pgoff) -> address or -errno`. */
  readonly vm_mmap: Routine;
  /** `(mm, from, to, pages)`. */
  readonly move_page_tables: Routine;
  readonly user: StepOps;
}

/**
 * `(program, shift) -> 0 or -errno`: runs a program of the machine to its `main`; `shift` is how many pages randomisation moves the stack
 * down.
 */
export function execRoutines(c: MmCore, parts: ExecParts): Routine {
  const { b, MM } = c;
  const { binaries, mmPool, alloc, find, gup, sys } = parts;
  const { programs } = binaries;
  const prepare = bprm(c, alloc, find, gup);
  const begin_new_exec = beginNewExec(c, { ...parts, mmput: mmPool.mmput });
  const setup_arg_pages = setupArgPages(c, parts.anon, find, parts.move_page_tables);
  const load_elf_binary = loadElfBinary(c, {
    binaries,
    alloc,
    insert_vm_struct: prepare.insert_vm_struct,
    mmap_region: sys.mmap_region,
    vm_mmap: parts.vm_mmap,
    do_vmi_munmap: parts.edit.do_vmi_munmap,
    put_user: parts.put_user,
    clear_user: putUser(b, c.pt, parts.x86, 'clear_user'),
  });
  const start = programSteps(c, binaries, parts.user, 'start');

  /** What mm_init gives a new address space; of the caller's it keeps that huge pages are off (MMF_INIT_MASK). */
  const initMm = (k: Exec, mm: number, program: number) => {
    for (const at of [
      MM.at.map_count,
      MM.at.total_vm,
      MM.at.def_flags,
      MM.at.membarrier_state,
      MM.at.pkey_allocation_map,
      MM.at.start_brk,
      MM.at.brk,
      MM.at.start_stack,
      MM.at.saved_auxv,
    ]) {
      k.poke(mm + at, 0);
    }
    const caller = k.peek(k.task + TASK.at.mm);
    k.poke(mm + MM.at.flags, k.peek(caller + MM.at.flags));
    k.poke(mm + MM.at.mmap_base, MMAP_BASE);
    k.poke(mm + MM.at.exe_file, program);
  };

  return b.add(
    routine('execve', ['program', 'shift', 'mm', 'ret'], (v) => {
      const program = (k: Exec) => programs[k.get(v.program)] as (typeof programs)[number];
      return {
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
          if (program(k) === undefined || k.get(v.shift) < 0) return k.ret(-EINVAL);
        },
        mm_alloc(k) {
          k.set(v.mm, mmPool.alloc(k));
          initMm(k, k.get(v.mm), k.get(v.program));
        },
        bprm_mm_init: (k) => k.call(prepare.bprm_mm_init, k.get(v.mm)),
        copy_strings(k) {
          if (k.result() !== 0) return 'free_bprm';
          return k.call(prepare.copy_strings, k.get(v.mm), program(k).strings);
        },
        begin_new_exec(k) {
          if (k.result() !== 0) return 'free_bprm';
          return k.call(begin_new_exec, k.get(v.mm));
        },
        setup_arg_pages(k) {
          if (k.result() !== 0) return 'free_bprm';
          return k.call(setup_arg_pages, k.get(v.mm), program(k).strings, k.get(v.shift));
        },
        load_elf_binary(k) {
          if (k.result() !== 0) return k.ret(k.result());
          return k.call(load_elf_binary, k.get(v.program));
        },
        start_thread: (k) => (k.result() === 0 ? k.call(start) : k.ret(k.result())),
        done: (k) => k.ret(0),
        free_bprm(k) {
          k.set(v.ret, k.result());
          return k.call(mmPool.mmput, k.get(v.mm));
        },
        failed: (k) => k.ret(k.get(v.ret)),
      };
    }),
  );
}
