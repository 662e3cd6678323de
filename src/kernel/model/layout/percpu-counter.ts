import { LIST_HEAD, S64 } from './basic-types.ts';
import { type AggregateType, field, pointer, struct, when } from './c-layout.ts';
import type { LayoutContext } from './context.ts';
import { rawSpinlock } from './lock-types.ts';

/** struct percpu_counter (include/linux/percpu_counter.h): on a uniprocessor the bare count. */
export function percpuCounter(c: LayoutContext): AggregateType {
  const smp = c.cacheLineInSmp !== undefined;
  const hotplug = c.on('HOTPLUG_CPU', smp);
  if (!smp) {
    return struct('struct percpu_counter', [field('count', S64)]);
  }
  return struct('struct percpu_counter', [
    field('lock', rawSpinlock(c)),
    field('count', S64),
    ...when(hotplug, [field('list', LIST_HEAD)]),
    field('counters', pointer('s32')),
  ]);
}
