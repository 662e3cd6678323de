/**
 * Shadow stacks of user programs: the processor's second copy of return addresses, which signal delivery writes to and sigreturn reads.
 * After arch/x86/kernel/shstk.c.
 */
import { type Exec, type Routine, routine, TASK, W, wordStruct } from '../../machine/index.ts';
import { FAULT_FLAG_USER, FAULT_FLAG_WRITE } from '../../mm/fault-flags.ts';
import { EFAULT, EINVAL, ENOMEM, type MmCore } from '../../mm/mm-core.ts';
import { PTE_PRESENT, PTE_SHSTK, PTE_WRITE } from '../../mm/page-table.ts';
import { RLIMIT_STACK, STACK_RESERVE } from '../../mm/stack.ts';
import { VM_READ, VM_SHADOW_STACK, VM_WRITE } from '../../mm/structs.ts';
import { X86_PF_SHSTK } from './fault.ts';
import { type PopParts, popSigframe, type ShadowStack } from './shstk-pop.ts';

const FILE = 'arch/x86/kernel/shstk.c';
const SIGSEGV = 11;
/** Entries of a page: eight bytes each. */
const FRAMES = 512;

export interface ShadowStackParts extends PopParts {
  /** `(mm, start, end, flags, 0, 0) -> start`. */
  readonly mmap_region: Routine;
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly __vm_munmap: Routine;
}

export interface ShadowStacks {
  /** `(mm) -> address or -errno`: arch_prctl(ARCH_SHSTK_ENABLE) of the calling thread. */
  readonly shstk_enable: Routine;
  /** `(calls) -> 0 or -signal`: calls so many functions deep, takes a signal there whose handler returns, and returns. */
  readonly signal: Routine;
  /** What making and ending tasks has to do; absent without the option. */
  readonly threads: ShadowStackThreads | undefined;
}

export interface ShadowStackThreads {
  /** Whether the running thread has a shadow stack, so that one it makes needs one, too. */
  enabled(k: Exec): boolean;
  /** `(mm) -> address or -errno`. */
  readonly alloc_shstk: Routine;
  /** Gives a thread the stack just made. */
  assign(k: Exec, task: number, base: number): void;
  /** A child has its parent's as it stands; one that runs in the parent's memory does not own it. */
  inherit(k: Exec, task: number, owned: boolean): void;
  /** `(mm)`: unmaps what the running thread owns. */
  readonly shstk_free: Routine;
}

const T = TASK.at;
/** Without the option the words are there, and always 0. */
const STATE = wordStruct('thread_shstk', { base: 1, size: 1, top: 1, depth: 1 });

export function shadowStacks(c: MmCore, how: ShadowStack, p: ShadowStackParts): ShadowStacks {
  const { b, MM, mmap, tree, pt } = c;
  const { x86 } = p;
  const first = b.memory.pool(STATE, b.tasks.length, 'thread_shstk');
  const stateOf = (task: number) => first + b.tasks.indexOf(task) * 16;
  const at = STATE.at;
  const mmOf = (k: Exec) => k.peek(k.task + T.mm);
  /** Page of the entry the shadow stack pointer is at. */
  const page = (k: Exec, depth: number) => {
    const s = stateOf(k.task);
    return k.peek(s + at.top) - Math.ceil(depth / FRAMES);
  };
  // The sequence of writers exists only with per-VMA locks, on which the option depends since 7.1.
  const possible = how !== 'mm_seqcount' || c.lockKind !== 'absent';
  const on = b.enabled('X86_USER_SHADOW_STACK', possible);

  /** `(page, user) -> 0 or -EFAULT`: a call, a return or wrussq at an entry of a page. */
  const shstk_access = b.add(
    routine('shadow_stack_access', ['page', 'user'], (v) => ({
      mov(k) {
        const pte = pt.walk(k, mmOf(k), k.get(v.page));
        const bits = PTE_PRESENT | PTE_WRITE | PTE_SHSTK;
        if ((pte & bits) !== bits) return;
        k.work(W.user_access);
        return k.ret(0);
      },
      asm_exc_page_fault(k) {
        k.work(W.exception_entry);
        const flags = FAULT_FLAG_WRITE | X86_PF_SHSTK | (k.get(v.user) ? FAULT_FLAG_USER : 0);
        return k.call(x86.do_user_addr_fault, mmOf(k), k.get(v.page), flags);
      },
      again: (k) => (k.result() === 0 ? 'mov' : k.ret(-EFAULT)),
    })),
  );

  const pop = on ? popSigframe(c, how, p) : undefined;

  const signal = b.add(
    routine('user_signal', ['calls', 'i', 'depth', 'ret'], (v) => ({
      begin(k) {
        k.set(v.calls, Math.max(0, k.get(v.calls)));
        if (k.peek(stateOf(k.task) + at.top) === 0) return 'send_signal';
        k.set(v.depth, k.peek(stateOf(k.task) + at.depth));
      },
      // One entry for each call; those of one page are all alike.
      call(k) {
        const left = k.get(v.calls) - k.get(v.i);
        if (left === 0) return 'send_signal';
        const inPage = FRAMES - ((k.get(v.depth) + k.get(v.i)) % FRAMES);
        k.set(v.i, k.get(v.i) + Math.min(left, inPage));
        return k.call(shstk_access, page(k, k.get(v.depth) + k.get(v.i)), 1);
      },
      called: (k) => (k.result() === 0 ? 'call' : 'segv'),
      send_signal(k) {
        k.work(W.syscall_entry);
        k.work(W.signal_delivery);
        if (k.peek(stateOf(k.task) + at.top) === 0) return k.ret(0);
        k.set(v.depth, k.get(v.depth) + k.get(v.calls));
      },
      // setup_signal_shadow_stack: where the stack was, marked as no return address, and the restorer's address.
      shstk_push_sigframe: (k) => k.call(shstk_access, page(k, k.get(v.depth) + 1), 0),
      push_restorer(k) {
        if (k.result() !== 0) return 'segv';
        return k.call(shstk_access, page(k, k.get(v.depth) + 2), 0);
      },
      // The handler's return takes the restorer off.
      ret(k) {
        if (k.result() !== 0) return 'segv';
        return k.call(shstk_access, page(k, k.get(v.depth) + 2), 1);
      },
      rt_sigreturn(k) {
        if (k.result() !== 0 || pop === undefined) return 'segv';
        k.work(W.syscall_entry);
        const aligned = (k.get(v.depth) + 1) % FRAMES === 0 ? 1 : 0;
        return k.call(pop, mmOf(k), page(k, k.get(v.depth) + 1), aligned);
      },
      restored(k) {
        if (k.result() === 0) return k.ret(0);
      },
      segv(k) {
        k.work(W.signal_delivery);
        return k.ret(-SIGSEGV);
      },
    })),
  );

  if (!on) {
    const enable = b.add(
      routine('arch_prctl_shstk', ['mm'], () => ({ unsupported: (k) => k.ret(-EINVAL) })),
    );
    return { shstk_enable: enable, signal, threads: undefined };
  }

  const alloc_shstk = b.fn(
    { file: FILE, signature: '(addr, size, token_offset, set_res_tok) -> addr' },
    routine('alloc_shstk', ['mm', 'start', 'ret'], (v) => ({
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      get_unmapped_area(k) {
        const mm = k.get(v.mm);
        k.work(W.find_free_area);
        const floor = k.peek(mm + MM.at.mmap_base);
        k.set(v.start, tree.findGap(k, mm, RLIMIT_STACK, floor, pt.pages - STACK_RESERVE));
        if (k.get(v.start) !== 0) return;
        k.set(v.ret, -ENOMEM);
        return 'mmap_write_unlock';
      },
      do_mmap(k) {
        const start = k.get(v.start);
        const flags = VM_READ | VM_WRITE | VM_SHADOW_STACK;
        return k.call(p.mmap_region, k.get(v.mm), start, start + RLIMIT_STACK, flags);
      },
      mapped(k) {
        k.set(v.ret, k.result());
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
  const assign = (k: Exec, task: number, base: number) => {
    const s = stateOf(task);
    k.poke(s + at.base, base);
    k.poke(s + at.size, RLIMIT_STACK);
    k.poke(s + at.top, base + RLIMIT_STACK);
    k.poke(s + at.depth, 0);
  };
  const shstk_enable = b.add(
    routine('shstk_setup', ['mm'], (v) => ({
      features_enabled(k) {
        const s = stateOf(k.task);
        if (k.peek(s + at.top) !== 0) return k.ret(k.peek(s + at.base));
        return k.call(alloc_shstk, k.get(v.mm));
      },
      wrmsrl(k) {
        if (k.result() > 0) assign(k, k.task, k.result());
        return k.ret(k.result());
      },
    })),
  );
  const shstk_free = b.fn(
    { file: FILE, signature: '(tsk)' },
    routine('shstk_free', ['mm', 'base'], (v) => ({
      unmap_shadow_stack(k) {
        const s = stateOf(k.task);
        k.set(v.base, k.peek(s + at.base));
        k.fill(0, s, s + STATE.size);
        if (k.get(v.base) === 0) return k.ret();
        return k.call(p.__vm_munmap, k.get(v.mm), k.get(v.base), RLIMIT_STACK);
      },
      done: (k) => k.ret(),
    })),
  );
  return {
    shstk_enable,
    signal,
    threads: {
      enabled: (k) => k.peek(stateOf(k.task) + at.top) !== 0,
      alloc_shstk,
      assign,
      inherit(k, task, owned) {
        const from = stateOf(k.task);
        const to = stateOf(task);
        for (const word of Object.values(at)) k.poke(to + word, k.peek(from + word));
        if (!owned) k.poke(to + at.base, 0);
      },
      shstk_free,
    },
  };
}
