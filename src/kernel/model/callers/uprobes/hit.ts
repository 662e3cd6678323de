/** Running into a probe. After handle_swbp and handle_syscall_uprobe in kernel/events/uprobes.c. */
import type { X86Fault } from '../../arch/x86/fault.ts';
import type { UprobeTrampoline } from '../../arch/x86/uprobes.ts';
import { type Exec, type Routine, routine, TASK, W } from '../../machine/index.ts';
import { FAULT_FLAG_INSTRUCTION, FAULT_FLAG_USER, X86_PF_PROT } from '../../mm/fault-flags.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { PTE_PRESENT, ptePfn } from '../../mm/page-table.ts';
import { VM_EXEC, VM_OPS_UPROBE_TRAMPOLINE } from '../../mm/structs.ts';
import { SIGTRAP } from './find.ts';
import { FILE, INSN_CALL, INSN_ORIGINAL, type Uprobes } from './table.ts';

const SIGILL = 4;
const SIGSEGV = 11;

export interface HitParts {
  readonly uprobes: Uprobes;
  readonly x86: X86Fault;
  /** `(mm, address) -> uprobe, 0 or -SIGTRAP`; absent without UPROBES. */
  readonly find_active_uprobe_rcu: Routine;
  /** Absent before 6.18 and on 32-bit kernels. */
  readonly trampoline: UprobeTrampoline | undefined;
}

/**
 * @param p absent without UPROBES, where no page ever has a breakpoint
 * @returns `(address) -> 0 or -signal`: user code runs the instruction at the start of a page
 */
export function execInstruction(c: MmCore, x86: X86Fault, p: HitParts | undefined): Routine {
  const { b, VMA, pages, pt, tree } = c;
  const mmOf = (k: Exec) => k.peek(k.task + TASK.at.mm);
  const hits = p === undefined ? undefined : probeHits(c, p);

  // Entries of the model do not say whether there is code: the VMA does.
  const nx = b.enabled('64BIT') || b.enabled('X86_PAE');
  const isCode = (k: Exec, address: number): boolean => {
    if (!nx) return true;
    const vma = tree.walk(k, mmOf(k), address);
    return vma !== 0 && (k.peek(vma + VMA.at.vm_flags) & VM_EXEC) !== 0;
  };

  return b.add(
    routine('user_exec', ['address', 'insn', 'at', 'present', 'code'], (v) => ({
      instruction(k) {
        k.set(v.at, k.get(v.address));
        k.set(v.insn, INSN_ORIGINAL);
      },
      is_code(k) {
        k.set(v.code, isCode(k, k.get(v.at)) ? 1 : 0);
      },
      // A page that is there but not for code faults; one that is not there is brought in first.
      fetch(k) {
        const pte = pt.walk(k, mmOf(k), k.get(v.at));
        k.set(v.present, pte & PTE_PRESENT);
        if (!(pte & PTE_PRESENT && k.get(v.code))) return 'asm_exc_page_fault';
        if (k.get(v.at) !== k.get(v.address)) return 'trampoline';
        k.set(v.insn, pages.opcode(k, ptePfn(pte)));
        if (k.get(v.insn) === INSN_ORIGINAL || hits === undefined) {
          k.work(W.user_access);
          return k.ret(0);
        }
        if (k.get(v.insn) === INSN_CALL) return 'call';
        k.work(W.exception_entry);
        return k.callThen('iret', hits.handle_swbp, mmOf(k), k.get(v.address));
      },
      asm_exc_page_fault(k) {
        k.work(W.exception_entry);
        const why = FAULT_FLAG_INSTRUCTION | (k.get(v.present) ? X86_PF_PROT : 0);
        return k.call(x86.do_user_addr_fault, mmOf(k), k.get(v.at), FAULT_FLAG_USER | why);
      },
      fault_handled(k) {
        if (k.result() === 0) return 'is_code';
        k.work(W.signal_delivery);
        return k.ret(-k.result());
      },
      iret(k) {
        if (k.result() > 0) return 'instruction';
        if (k.result() < 0) k.work(W.signal_delivery);
        return k.ret(k.result());
      },
      call(k) {
        k.set(v.at, p?.trampoline?.of(k, mmOf(k)) ?? 0);
        // Not inherited by a child, whose calls go nowhere.
        return k.get(v.at) === 0 ? k.ret(-SIGSEGV) : 'is_code';
      },
      trampoline(k) {
        const vma = tree.walk(k, mmOf(k), k.get(v.at));
        // Something else was mapped over it: that runs instead.
        const ours = vma !== 0 && k.peek(vma + VMA.at.vm_ops) === VM_OPS_UPROBE_TRAMPOLINE;
        if (!ours || hits === undefined) return k.ret(0);
        k.work(W.syscall_entry);
        return k.call(hits.sys_uprobe, mmOf(k), k.get(v.at), k.get(v.address));
      },
      sysretq(k) {
        if (k.result() < 0) k.work(W.signal_delivery);
        return k.ret(k.result());
      },
    })),
  );
}

/** What the kernel does when a probe is hit, through the exception or through the system call. */
function probeHits(c: MmCore, { uprobes, find_active_uprobe_rcu, trampoline }: HitParts) {
  const { b } = c;

  /** `(mm, address) -> 0, 1 or -SIGTRAP`: 0 when the instruction was emulated, 1 when it must be tried again. */
  const handle_swbp = b.fn(
    { file: FILE, signature: '(regs)' },
    routine('handle_swbp', ['mm', 'address'], (v) => ({
      find_active_uprobe_rcu: (k) => k.call(find_active_uprobe_rcu, k.get(v.mm), k.get(v.address)),
      handler_chain(k) {
        if (k.result() <= 0) return k.ret(k.result() === -SIGTRAP ? -SIGTRAP : 1);
        if (trampoline === undefined || !uprobes.isNop5(k, k.result())) return k.ret(0);
        return k.call(trampoline.arch_uprobe_optimize, k.get(v.mm), k.get(v.address));
      },
      // A nop or a push needs no copy that is stepped through elsewhere.
      arch_uprobe_skip_sstep: (k) => k.ret(0),
    })),
  );

  const sys_uprobe = b.add(
    routine('__x64_sys_uprobe', ['mm', 'ip', 'address'], (v) => ({
      in_uprobe_trampoline(k) {
        if (trampoline === undefined) return k.ret(-SIGILL);
        return k.call(trampoline.in_uprobe_trampoline, k.get(v.mm), k.get(v.ip));
      },
      check(k) {
        if (k.result() === 0) return k.ret(-SIGILL);
        return k.call(find_active_uprobe_rcu, k.get(v.mm), k.get(v.address));
      },
      // Where the probe has gone the call was for nothing: a nop it is in any case.
      handler_chain: (k) => k.ret(0),
    })),
  );
  return { handle_swbp, sys_uprobe };
}
