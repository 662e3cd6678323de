import { HLIST_HEAD, RCUWAIT, U16, UINT } from './basic-types.ts';
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
import type { LayoutContext } from './context.ts';
import { mutex, rawSpinlock, workStruct } from './lock-types.ts';

/** SCHED_MM_CID (init/Kconfig: SMP and RSEQ), asked only where it can be on. */
export const hasMmCid = (c: LayoutContext): boolean =>
  c.cacheLineInSmp !== undefined && c.on('SCHED_MM_CID');

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
export function mmMmCid(c: LayoutContext): AggregateType {
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
