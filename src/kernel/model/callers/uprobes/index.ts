/** Probes of user code, with UPROBES. */
import type { X86Fault } from '../../arch/x86/fault.ts';
import { type UprobeTrampoline, uprobeTrampoline } from '../../arch/x86/uprobes.ts';
import type { Exec, Routine } from '../../machine/index.ts';
import type { AnonVma } from '../../mm/anon-vma.ts';
import type { Gup } from '../../mm/gup/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { sysNiSyscall } from '../../mm/ni-syscall.ts';
import type { Shmem } from '../../mm/shmem.ts';
import { findActiveUprobe, type UprobeLookup } from './find.ts';
import { execInstruction } from './hit.ts';
import { type UprobeRegister, uprobeRegister } from './register.ts';
import { type Uprobes, uprobeTable } from './table.ts';
import { writeOpcode } from './write-opcode.ts';

export type { UprobeLookup } from './find.ts';

/** An edition's uprobes. */
export interface UprobeParts {
  readonly lookup: UprobeLookup;
  /** Whether breakpoints become calls of a trampoline where they can (6.18). */
  readonly trampoline: boolean;
}

/** What mapping files needs of them: made before the system calls. */
export interface UprobeCore extends UprobeRegister {
  readonly table: Uprobes;
  readonly uprobe_write_opcode: Routine;
}

export interface UprobeCoreParts {
  readonly anon: AnonVma;
  readonly shm: Shmem;
  readonly gup: Gup;
  /** `(mm)`. */
  readonly mmput: Routine;
}

/** `undefined` without UPROBES. */
export function uprobeCore(c: MmCore, p: UprobeCoreParts): UprobeCore | undefined {
  if (!c.b.enabled('UPROBES')) return undefined;
  const table = uprobeTable(c, p.shm);
  const uprobe_write_opcode = writeOpcode(c, table, p);
  return {
    table,
    uprobe_write_opcode,
    ...uprobeRegister(c, { uprobes: table, uprobe_write_opcode, ...p }),
  };
}

/** What user space calls. */
export interface UprobeCalls {
  /** `(mm, file, offset, nop5) -> 0 or -errno`. */
  readonly uprobe_register: Routine;
  /** `(mm, file, offset) -> 0 or -errno`. */
  readonly uprobe_unregister: Routine;
  /** `(address) -> 0 or -signal`. */
  readonly execute: Routine;
  /** A new process starts with its parent's code. */
  inherit(k: Exec, from: number, to: number): void;
  /** The code of a new program is as its file has it. */
  forget(k: Exec, mm: number): void;
}

export function uprobeCalls(
  c: MmCore,
  parts: UprobeParts,
  core: UprobeCore | undefined,
  p: { readonly x86: X86Fault; readonly gup: Gup; readonly mmap_region: Routine },
): UprobeCalls {
  if (core === undefined) {
    const none = sysNiSyscall(c.b);
    const execute = execInstruction(c, p.x86, undefined);
    return {
      uprobe_register: none,
      uprobe_unregister: none,
      execute,
      inherit() {},
      forget() {},
    };
  }
  const { table, uprobe_write_opcode } = core;
  const trampoline: UprobeTrampoline | undefined =
    parts.trampoline && c.b.enabled('64BIT')
      ? uprobeTrampoline(c, p.mmap_region, uprobe_write_opcode)
      : undefined;
  const find_active_uprobe_rcu = findActiveUprobe(c, parts.lookup, table, p.gup);
  return {
    uprobe_register: core.uprobe_register,
    uprobe_unregister: core.uprobe_unregister,
    execute: execInstruction(c, p.x86, {
      uprobes: table,
      x86: p.x86,
      find_active_uprobe_rcu,
      trampoline,
    }),
    inherit: (k, from, to) => trampoline?.inherit(k, from, to),
    forget: (k, mm) => trampoline?.forget(k, mm),
  };
}
