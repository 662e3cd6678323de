/** Attaching probes and taking them off, in every process that maps the file. After kernel/events/uprobes.c. */
import { type Exec, READ, type Routine, routine, WRITE, wordStruct } from '../../machine/index.ts';
import { EBADF, EINVAL, type MmCore } from '../../mm/mm-core.ts';
import type { Shmem } from '../../mm/shmem.ts';
import { VM_OPS_HUGETLB } from '../../mm/structs.ts';
import { RWSEM } from '../../sync/rwsem/index.ts';
import { FILE, INSN_ORIGINAL, INSN_SWBP, type Uprobes } from './table.ts';

const EIO = 5;
const ENOENT = 2;

export interface UprobeRegister {
  /** `(mm, file, offset, nop5) -> 0 or -errno`. */
  readonly uprobe_register: Routine;
  /** `(mm, file, offset) -> 0 or -errno`. */
  readonly uprobe_unregister: Routine;
  /** `(mm, vma)`: a file was mapped; what is probed of it gets its breakpoints. mmap_lock is held for writing. */
  readonly uprobe_mmap: Routine;
}

export interface RegisterParts {
  readonly uprobes: Uprobes;
  readonly shm: Shmem;
  /** `(mm, vma, address, insn) -> 0 or -errno`. */
  readonly uprobe_write_opcode: Routine;
  /** `(mm)`. */
  readonly mmput: Routine;
}

/**
 * One simplification: a fork is not kept out while probes are attached (dup_mmap_sem), so a child made in that very moment may miss one.
 */
export function uprobeRegister(c: MmCore, p: RegisterParts): UprobeRegister {
  const { b, MM, VMA, mmap, rw, tree, mms } = c;
  const { uprobes, shm, uprobe_write_opcode, mmput } = p;
  const { vm_start, vm_end, vm_file, vm_pgoff } = VMA.at;
  const register_rwsem = b.memory.object(
    wordStruct('uprobe register_rwsem', { sem: RWSEM }),
    'register_rwsem',
  );

  const addressIn = (k: Exec, vma: number, uprobe: number): number =>
    uprobes.offsetOf(k, uprobe) - k.peek(vma + vm_pgoff) + k.peek(vma + vm_start);
  const covers = (k: Exec, vma: number, uprobe: number): boolean => {
    const at = addressIn(k, vma, uprobe);
    return (
      k.peek(vma + vm_file) === uprobes.inodeOf(k, uprobe) &&
      at >= k.peek(vma + vm_start) &&
      at < k.peek(vma + vm_end)
    );
  };
  /** The next place behind (mm number, address) where the file is mapped with the probe in it: what build_map_info finds in i_mmap. */
  const nextMapping = (k: Exec, uprobe: number, i: number, at: number, isRegister: boolean) => {
    for (let m = i; m < mms.length; m++) {
      const mm = mms[m] as number;
      if (k.peek(mm + MM.at.mm_users) === 0) continue;
      for (const [, , vma] of tree.entries(k, mm)) {
        if (!covers(k, vma, uprobe) || !uprobes.validVma(k, vma, isRegister)) continue;
        const vaddr = addressIn(k, vma, uprobe);
        if (m > i || vaddr > at) return { m, vaddr };
      }
    }
    return undefined;
  };

  /** `(uprobe, insn)`: writes an instruction wherever the place is mapped. */
  const register_for_each_vma = b.add(
    routine('register_for_each_vma', ['uprobe', 'insn', 'i', 'at', 'mm', 'vma'], (v) => ({
      begin(k) {
        k.set(v.at, -1);
        // Taken off again before it was attached anywhere.
        if (uprobes.inodeOf(k, k.get(v.uprobe)) === 0) return k.ret();
        return k.call(rw.down_read, shm.mappingSemOf(uprobes.inodeOf(k, k.get(v.uprobe))));
      },
      // The kernel notes every mapping under one lock, before the first is visited; the model looks for the next one each time.
      i_mmap_unlock_read: (k) =>
        k.call(rw.up_read, shm.mappingSemOf(uprobes.inodeOf(k, k.get(v.uprobe)))),
      build_map_info(k) {
        const uprobe = k.get(v.uprobe);
        k.access(uprobes.tree, READ);
        const isRegister = k.get(v.insn) !== INSN_ORIGINAL;
        const next = nextMapping(k, uprobe, k.get(v.i), k.get(v.at), isRegister);
        if (next === undefined) return k.ret();
        k.set(v.i, next.m);
        k.set(v.at, next.vaddr);
        k.set(v.mm, mms[next.m] as number);
      },
      mmget_not_zero(k) {
        const users = k.get(v.mm) + MM.at.mm_users;
        if (k.peek(users) === 0) return 'build_map_info';
        k.fetchAdd(users, 1);
      },
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      find_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        k.set(v.vma, vma);
        const isRegister = k.get(v.insn) !== INSN_ORIGINAL;
        const valid =
          vma !== 0 &&
          uprobes.validVma(k, vma, isRegister) &&
          covers(k, vma, k.get(v.uprobe)) &&
          addressIn(k, vma, k.get(v.uprobe)) === k.get(v.at);
        if (!valid) return 'mmap_write_unlock';
      },
      install_breakpoint: (k) =>
        k.call(uprobe_write_opcode, k.get(v.mm), k.get(v.vma), k.get(v.at), k.get(v.insn)),
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      mmput: (k) => k.callThen('build_map_info', mmput, k.get(v.mm)),
    })),
  );

  const uprobe_register = b.fn(
    { file: FILE, signature: '(inode, offset, ref_ctr_offset, uc) -> uprobe' },
    routine('uprobe_register', ['mm', 'file', 'offset', 'nop5', 'uprobe'], (v) => ({
      check(k) {
        const file = k.get(v.file);
        if (!shm.isFile(file) || shm.open(k, file, 0) === 0) return k.ret(-EBADF);
        if (shm.opsOf(k, file) === VM_OPS_HUGETLB) return k.ret(-EIO);
        const offset = k.get(v.offset);
        if (offset < 0 || offset >= shm.sizeOf(k, file)) return k.ret(-EINVAL);
      },
      alloc_uprobe(k) {
        k.access(uprobes.tree, WRITE);
        k.set(v.uprobe, uprobes.add(k, k.get(v.file), k.get(v.offset), k.get(v.nop5)));
      },
      down_write: (k) => k.call(rw.down_write, register_rwsem),
      register_for_each_vma: (k) => k.call(register_for_each_vma, k.get(v.uprobe), INSN_SWBP),
      up_write: (k) => k.call(rw.up_write, register_rwsem),
      done: (k) => k.ret(0),
    })),
  );

  const uprobe_unregister = b.fn(
    { file: FILE, signature: '(uprobe, uc)' },
    routine('uprobe_unregister_nosync', ['mm', 'file', 'offset', 'uprobe'], (v) => ({
      find_uprobe(k) {
        k.access(uprobes.tree, READ);
        k.set(v.uprobe, uprobes.find(k, k.get(v.file), k.get(v.offset)));
        if (k.get(v.uprobe) === 0) return k.ret(-ENOENT);
      },
      down_write: (k) => k.call(rw.down_write, register_rwsem),
      consumer_del(k) {
        k.access(uprobes.tree, WRITE);
        const uprobe = k.get(v.uprobe);
        // Taken off by another caller meanwhile.
        if (!uprobes.hasConsumers(k, uprobe)) {
          k.set(v.uprobe, 0);
          return 'up_write';
        }
        if (uprobes.del(k, uprobe) > 0) return 'up_write';
      },
      register_for_each_vma: (k) => k.call(register_for_each_vma, k.get(v.uprobe), INSN_ORIGINAL),
      put_uprobe(k) {
        k.access(uprobes.tree, WRITE);
        // Attached again meanwhile: then it stays, and its breakpoints come with that.
        if (!uprobes.hasConsumers(k, k.get(v.uprobe))) uprobes.remove(k, k.get(v.uprobe));
      },
      up_write: (k) => k.call(rw.up_write, register_rwsem),
      done: (k) => k.ret(k.get(v.uprobe) === 0 ? -ENOENT : 0),
    })),
  );

  const uprobe_mmap = b.fn(
    { file: FILE, signature: '(vma) -> int' },
    routine('uprobe_mmap', ['mm', 'vma', 'i'], (v) => ({
      build_probe_list(k) {
        k.access(uprobes.tree, READ);
        const vma = k.get(v.vma);
        if (!uprobes.validVma(k, vma, true)) return k.ret(0);
        for (let i = k.get(v.i); i < uprobes.all.length; i++) {
          const uprobe = uprobes.all[i] as number;
          if (!uprobes.hasConsumers(k, uprobe) || !covers(k, vma, uprobe)) continue;
          k.set(v.i, i + 1);
          const at = addressIn(k, vma, uprobe);
          return k.callThen('installed', uprobe_write_opcode, k.get(v.mm), vma, at, INSN_SWBP);
        }
        return k.ret(0);
      },
      installed: () => 'build_probe_list',
    })),
  );
  return { uprobe_register, uprobe_unregister, uprobe_mmap };
}
