import { ATOMIC, HLIST_HEAD, RCUWAIT, U16, UINT, ULONG } from './basic-types.ts';
import {
  type AggregateType,
  anonymous,
  field,
  type Member,
  pointer,
  struct,
  union,
  when,
} from './c-layout.ts';
import { type LayoutContext, since } from './context.ts';
import { mutex, rawSpinlock, workStruct } from './lock-types.ts';

/** SCHED_MM_CID (init/Kconfig: SMP and RSEQ), asked only where it can be on. */
const hasMmCid = (c: LayoutContext): boolean =>
  c.on('SCHED_MM_CID', c.cacheLineInSmp !== undefined);

/** Members of mm_struct for the concurrency ids of rseq: since 7.0 a structure that is always there. */
export function cidMembers(c: LayoutContext): readonly Member[] {
  if (since(c, '7.0')) return [field('mm_cid', mmMmCid(c))];
  return when(hasMmCid(c), () => [
    field('pcpu_cid', pointer('struct mm_cid')),
    field('mm_cid_next_scan', ULONG),
    ...when(since(c, '6.15'), () => [
      field('nr_cpus_allowed', UINT),
      field('max_nr_cid', ATOMIC),
      field('cpus_allowed_lock', rawSpinlock(c)),
    ]),
  ]);
}

/** struct irq_work (include/linux/irq_work.h) around struct __call_single_node (include/linux/smp_types.h). */
function irqWork(c: LayoutContext): AggregateType {
  const node: readonly Member[] = [
    field('llist', pointer('struct llist_node')),
    anonymous(union(undefined, [field('u_flags', UINT), field('a_flags', UINT)])),
    ...when(c.abi.word === 8, [field('src', U16), field('dst', U16)]),
  ];
  return struct('struct irq_work', [
    field('node', struct('struct __call_single_node', node)),
    field('func', pointer('void (struct irq_work *)')),
    field('irqwait', RCUWAIT),
  ]);
}

/** struct mm_mm_cid (include/linux/rseq_types.h, 7.0): empty without SCHED_MM_CID. */
function mmMmCid(c: LayoutContext): AggregateType {
  const name = 'struct mm_mm_cid';
  if (!hasMmCid(c)) return struct(name, []);
  return struct(
    name,
    [
      field('pcpu', pointer('struct mm_cid_pcpu')),
      field('mode', UINT),
      field('max_cids', UINT),
      field('irq_work', irqWork(c)),
      field('work', workStruct(c)),
      field('lock', rawSpinlock(c)),
      field('mutex', mutex(c)),
      field('user_list', HLIST_HEAD),
      field('nr_cpus_allowed', UINT),
      field('users', UINT),
      field('pcpu_thrs', UINT),
      field('update_deferred', UINT),
    ],
    c.cacheLine,
  );
}
