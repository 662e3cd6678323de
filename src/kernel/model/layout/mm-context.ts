import { ATOMIC, ATOMIC64, BOOL, S16, U16, U64, ULONG } from './basic-types.ts';
import { type AggregateType, field, pointer, struct, when } from './c-layout.ts';
import { type LayoutContext, since } from './context.ts';
import { mutex, rwsem } from './lock-types.ts';

/** mm_context_t of x86 (arch/x86/include/asm/mmu.h). */
export function mmContext(c: LayoutContext): AggregateType {
  const is64 = c.abi.word === 8;
  return struct('mm_context_t', [
    field('ctx_id', U64),
    field('tlb_gen', ATOMIC64),
    // Since 6.14, and in the 6.12 of the stable series.
    ...when(since(c, '6.12'), [field('next_trim_cpumask', ULONG)]),
    ...when(c.on('MODIFY_LDT_SYSCALL'), () => [
      field('ldt_usr_sem', rwsem(c)),
      field('ldt', pointer('struct ldt_struct')),
    ]),
    // 32-bit kernels have had no use for a flag before MM_CONTEXT_NOTRACK of 6.16.
    ...when(is64 || since(c, '7.0'), [field('flags', ULONG)]),
    ...when(c.on('ADDRESS_MASKING', is64), [
      field('lam_cr3_mask', ULONG),
      field('untag_mask', U64),
    ]),
    field('lock', mutex(c)),
    field('vdso', pointer('void')),
    field('vdso_image', pointer('const struct vdso_image')),
    field('perf_rdpmc_allowed', ATOMIC),
    ...when(c.on('X86_INTEL_MEMORY_PROTECTION_KEYS', is64), [
      field('pkey_allocation_map', U16),
      field('execute_only_pkey', S16),
    ]),
    ...when(c.on('BROADCAST_TLB_FLUSH', is64 && since(c, '6.15')), [
      field('global_asid', U16),
      field('asid_transition', BOOL),
    ]),
  ]);
}
