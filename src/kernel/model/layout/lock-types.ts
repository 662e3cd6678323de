/** Types of locks, which change with SMP, PREEMPT_RT and the debugging options. */
import {
  ATOMIC,
  ATOMIC_LONG,
  INT,
  LIST_HEAD,
  RB_ROOT_CACHED,
  U8,
  UINT,
  ULONG,
} from './basic-types.ts';
import {
  type AggregateType,
  anonymous,
  array,
  field,
  type Member,
  pointer,
  struct,
  union,
  when,
} from './c-layout.ts';
import { type LayoutContext, since } from './context.ts';
import { withOption } from './with-option.ts';

/** struct lockdep_map (include/linux/lockdep_types.h) as it is with LOCKDEP. */
export function lockdepMap(c: LayoutContext): AggregateType {
  return struct('struct lockdep_map', [
    field('key', pointer('struct lock_class_key')),
    // NR_LOCKDEP_CACHING_CLASSES
    field('class_cache', array(pointer('struct lock_class'), 2)),
    field('name', pointer('const char')),
    field('wait_type_outer', U8),
    field('wait_type_inner', U8),
    field('lock_type', U8),
    ...when(c.on('LOCK_STAT'), [field('cpu', INT), field('ip', ULONG)]),
  ]);
}

/** `dep_map`, which DEBUG_LOCK_ALLOC adds at the end of every lock. */
function depMap(c: LayoutContext): readonly Member[] {
  return withOption(c, 'DEBUG_LOCK_ALLOC', (d) => [field('dep_map', lockdepMap(d))]);
}

/** raw_spinlock_t (include/linux/spinlock_types_raw.h): empty on a uniprocessor without debugging. */
export function rawSpinlock(c: LayoutContext): AggregateType {
  const debug = c.on('DEBUG_SPINLOCK');
  // SMP: struct qspinlock. UP: spinlock_types_up.h, a word to check with only when debugging.
  const arch = struct(
    'arch_spinlock_t',
    when(c.cacheLineInSmp !== undefined || debug, [field('val', UINT)]),
  );
  return struct('raw_spinlock_t', [
    field('raw_lock', arch),
    ...when(debug, [
      field('magic', UINT),
      field('owner_cpu', UINT),
      field('owner', pointer('void')),
    ]),
    ...depMap(c),
  ]);
}

/** struct rt_mutex_base (include/linux/rtmutex.h). */
function rtMutexBase(c: LayoutContext): AggregateType {
  return struct('struct rt_mutex_base', [
    field('wait_lock', rawSpinlock(c)),
    field('waiters', RB_ROOT_CACHED),
    field('owner', pointer('struct task_struct')),
  ]);
}

/** spinlock_t (include/linux/spinlock_types.h): with PREEMPT_RT a sleeping lock. */
export function spinlock(c: LayoutContext): AggregateType {
  if (!c.on('PREEMPT_RT')) return struct('spinlock_t', [field('rlock', rawSpinlock(c))]);
  return struct('spinlock_t', [field('lock', rtMutexBase(c)), ...depMap(c)]);
}

/** struct optimistic_spin_queue (include/linux/osq_lock.h). */
const OPTIMISTIC_SPIN_QUEUE = struct('struct optimistic_spin_queue', [field('tail', ATOMIC)]);

/** struct mutex (include/linux/mutex_types.h). */
export function mutex(c: LayoutContext): AggregateType {
  const rt = c.on('PREEMPT_RT');
  const spins = c.on('MUTEX_SPIN_ON_OWNER', !rt);
  const debug = c.on('DEBUG_MUTEXES', !rt);
  if (rt) {
    return struct('struct mutex', [field('rtmutex', rtMutexBase(c)), ...depMap(c)]);
  }
  return struct('struct mutex', [
    field('owner', ATOMIC_LONG),
    field('wait_lock', rawSpinlock(c)),
    ...when(spins, [field('osq', OPTIMISTIC_SPIN_QUEUE)]),
    field('wait_list', LIST_HEAD),
    ...when(debug, [field('magic', pointer('void'))]),
    ...depMap(c),
  ]);
}

/** Members of struct rw_semaphore (include/linux/rwsem.h). */
export function rwsemMembers(c: LayoutContext): readonly Member[] {
  const rt = c.on('PREEMPT_RT');
  const spins = c.on('RWSEM_SPIN_ON_OWNER', !rt);
  const debug = c.on('DEBUG_RWSEMS', !rt);
  if (rt) {
    const rwbase = struct('struct rwbase_rt', [
      field('readers', ATOMIC),
      field('rtmutex', rtMutexBase(c)),
    ]);
    return [field('rwbase', rwbase), ...depMap(c)];
  }
  return [
    field('count', ATOMIC_LONG),
    field('owner', ATOMIC_LONG),
    ...when(spins, [field('osq', OPTIMISTIC_SPIN_QUEUE)]),
    field('wait_lock', rawSpinlock(c)),
    field('wait_list', LIST_HEAD),
    ...when(debug, [field('magic', pointer('void'))]),
    ...depMap(c),
  ];
}

/** struct rw_semaphore. */
export function rwsem(c: LayoutContext): AggregateType {
  return struct('struct rw_semaphore', rwsemMembers(c));
}

/** seqcount_t (include/linux/seqlock_types.h). */
export function seqcount(c: LayoutContext): AggregateType {
  return struct('seqcount_t', [field('sequence', UINT), ...depMap(c)]);
}

/** struct maple_tree (include/linux/maple_tree.h). With lockdep it can name the lock outside that guards it. */
export function mapleTree(c: LayoutContext): AggregateType {
  const flags = field('ma_flags', UINT);
  const root = field('ma_root', pointer('void'));
  return struct('struct maple_tree', [
    anonymous(
      union(undefined, [
        field('ma_lock', spinlock(c)),
        ...when(c.on('LOCKDEP'), [field('ma_external_lock', pointer('struct lockdep_map'))]),
      ]),
    ),
    // 6.6 put the flags into the hole behind a small lock.
    ...(since(c, '6.6') ? [flags, root] : [root, flags]),
  ]);
}

/** struct work_struct (include/linux/workqueue_types.h). */
export function workStruct(c: LayoutContext): AggregateType {
  return struct('struct work_struct', [
    field('data', ATOMIC_LONG),
    field('entry', LIST_HEAD),
    field('func', pointer('void (struct work_struct *)')),
    ...withOption(c, 'LOCKDEP', (d) => [field('lockdep_map', lockdepMap(d))]),
  ]);
}
