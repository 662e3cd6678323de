/** Types of include/linux/types.h and of its kin, and the page-table types of x86. */
import {
  type AggregateType,
  array,
  type CType,
  field,
  integer,
  pointer,
  struct,
  when,
  word,
} from './c-layout.ts';
import type { LayoutContext } from './context.ts';

export const BOOL = integer('bool', 1);
export const U8 = integer('u8', 1);
export const U16 = integer('u16', 2);
export const S16 = integer('s16', 2);
export const INT = integer('int', 4);
export const UINT = integer('unsigned int', 4);
export const U64 = integer('u64', 8);
export const S64 = integer('s64', 8);
export const ULONG = word('unsigned long');
export const LONG = word('long');

export const ATOMIC = struct('atomic_t', [field('counter', INT)]);
export const ATOMIC_LONG = struct('atomic_long_t', [field('counter', LONG)]);
/** On 32-bit x86 (arch/x86/include/asm/atomic64_32.h), too, aligned to 8: cmpxchg8b must not cross a line. */
export const ATOMIC64 = struct('atomic64_t', [field('counter', S64, 8)]);
/** include/linux/refcount_types.h. */
export const REFCOUNT = struct('refcount_t', [field('refs', ATOMIC)]);

export const LIST_HEAD = struct('struct list_head', [
  field('next', pointer('struct list_head')),
  field('prev', pointer('struct list_head')),
]);
export const HLIST_HEAD = struct('struct hlist_head', [
  field('first', pointer('struct hlist_node')),
]);
/** struct callback_head; aligned to a word, which two pointers are anyway. */
export const RCU_HEAD = struct('struct rcu_head', [
  field('next', pointer('struct callback_head')),
  field('func', pointer('void (struct callback_head *)')),
]);
/** include/linux/rbtree_types.h. Its alignment attribute, `sizeof(long)`, is that of its members. */
export const RB_NODE = struct('struct rb_node', [
  field('__rb_parent_color', ULONG),
  field('rb_right', pointer('struct rb_node')),
  field('rb_left', pointer('struct rb_node')),
]);
export const RB_ROOT_CACHED = struct('struct rb_root_cached', [
  field('rb_root', struct('struct rb_root', [field('rb_node', pointer('struct rb_node'))])),
  field('rb_leftmost', pointer('struct rb_node')),
]);
/** include/linux/types.h. */
export const RCUWAIT = struct('struct rcuwait', [field('task', pointer('struct task_struct'))]);
/** include/linux/mm_types.h: where a freed object of the slab keeps its free pointer. */
export const FREEPTR = struct('freeptr_t', [field('v', ULONG)]);

/** Whether page-table entries have 64 bits: always on x86_64, with PAE on i386. */
function wideEntries(c: LayoutContext): boolean {
  const pae = c.on('X86_PAE', c.abi.word === 4);
  return c.abi.word === 8 || pae;
}

/** pgprotval_t, pteval_t, pmdval_t (arch/x86/include/asm/pgtable-2level_types.h, -3level_, pgtable_64_types.h). */
function entryValue(c: LayoutContext): CType {
  return wideEntries(c) && c.abi.word === 4 ? U64 : ULONG;
}

/** pgprot_t (arch/x86/include/asm/pgtable_types.h). */
export function pgprot(c: LayoutContext): AggregateType {
  return struct('pgprot_t', [field('pgprot', entryValue(c))]);
}

/** pte_t, pmd_t. */
export function entry(c: LayoutContext, name: 'pte_t' | 'pmd_t'): AggregateType {
  return struct(name, [field('value', entryValue(c))]);
}

/** struct vm_userfaultfd_ctx (include/linux/mm_types.h): empty without USERFAULTFD. */
export function userfaultfdCtx(c: LayoutContext): AggregateType {
  return struct(
    'struct vm_userfaultfd_ctx',
    when(c.on('USERFAULTFD'), [field('ctx', pointer('struct userfaultfd_ctx'))]),
  );
}

/** vma_flags_t, mm_flags_t (include/linux/mm_types.h, 7.0): a bitmap of whole words. */
export function bitmap(name: string, bits: number, c: LayoutContext): AggregateType {
  const words = Math.ceil(bits / (8 * c.abi.word));
  return struct(name, [field('bits', array(ULONG, words))]);
}

/** vm_flags_t. */
export const VM_FLAGS = word('vm_flags_t');
