/**
 * Promela models of the lookups, of our own writing, with the same atomic accesses as the routines of the model: a peer to compare verdicts,
 * states and time with. One VMA with a reference count; writers modify it, or unmap it and map it anew.
 */
import type { Question } from '../index.ts';

/** Questions the Promela model can be asked, too. */
export type SpinQuestion = Pick<
  Question,
  'lookup' | 'property' | 'readers' | 'writers' | 'ops' | 'holding' | 'queue' | 'mutate' | 'write'
>;

const SEMAPHORE = `
/* struct rw_semaphore: count in its parts, and the queue under wait_lock */
byte rd; bool wr, waiters, handoff, wait_lock;
byte q[NT], qkind[NT], qn;
/* task_struct */
byte state[NT], kind[NT]; bool asleep[NT], hand[NT], sig[NT];

inline wake(t) { d_step { state[t] = 0; asleep[t] = false } }
inline spin_lock() { atomic { !wait_lock; wait_lock = true } }
inline spin_unlock() { wait_lock = false }
inline schedule() { atomic { if :: state[_pid] != 0 -> asleep[_pid] = true :: else fi }; !asleep[_pid] }
inline dequeue(t) {
  d_step {
    i = 0; do :: q[i] != t -> i++ :: else -> break od;
    do :: i + 1 < qn -> q[i] = q[i + 1]; qkind[i] = qkind[i + 1]; i++ :: else -> break od;
    qn--; q[i] = 0; qkind[i] = 0; i = 0
  }
}
inline rwsem_wake(any) {
  spin_lock();
  if
  :: qn == 0 -> spin_unlock()
  :: qn > 0 && qkind[0] == 1 ->
    d_step { ow = wr; oh = handoff; rd++ };
    if
    :: ow -> d_step { rd--; if :: !oh && HANDS_OFF -> handoff = true :: else fi }; spin_unlock()
    :: else ->
      d_step { /* take all readers out of the queue, under wait_lock */
        i = 0; n = 0; j = 0;
        do
        :: i < qn && qkind[i] == 1 -> chain[n] = q[i]; n++; i++
        :: i < qn && qkind[i] != 1 -> q[j] = q[i]; qkind[j] = qkind[i]; j++; i++
        :: else -> break
        od;
        qn = j;
        do :: j < i -> q[j] = 0; qkind[j] = 0; j++ :: else -> break od;
        i = 0; j = 0;
        rd = rd + n - 1;
        if :: qn == 0 -> waiters = false :: else fi;
        if :: oh -> handoff = false :: else fi
      };
      spin_unlock();
      i = 0;
      do
      :: i < n -> d_step { kind[chain[i]] = 0; state[chain[i]] = 0; asleep[chain[i]] = false; chain[i] = 0; i++ }
      :: else -> break
      od; skip;
      d_step { i = 0; n = 0 }
    fi
  :: qn > 0 && qkind[0] == 2 ->
    if :: any -> h = q[0]; spin_unlock(); wake(h); h = 0 :: else -> spin_unlock() fi
  fi; skip;
  d_step { ow = false; oh = false }
}
inline down_read(killable) {
  got = 1;
  d_step { rd++; ow = wr; oh = handoff; fl = waiters; n = rd };
  if
  :: !ow && !oh && !fl -> skip
  :: !ow && !oh && fl && n <= 1 -> d_step { n = 0; ow = false; oh = false; fl = false }; rwsem_wake(false)
  :: else ->
    d_step { n = 0; ow = false; oh = false; fl = false };
    spin_lock();
    if
    :: qn == 0 && !wr -> spin_unlock()
    :: else ->
      d_step {
        first = (qn == 0); q[qn] = _pid; qkind[qn] = 1; qn++; kind[_pid] = 1; rd--;
        if :: first -> waiters = true :: else fi;
        fl = wr || rd > 0; first = false
      };
      spin_unlock();
      if :: !fl -> rwsem_wake(true) :: else -> fl = false fi;
      fl = false;
      do
      :: true ->
        state[_pid] = 1 + killable;
        if
        :: kind[_pid] == 0 -> state[_pid] = 0; break
        :: kind[_pid] != 0 && killable == 1 && sig[_pid] ->
          spin_lock();
          if
          :: kind[_pid] == 0 -> spin_unlock(); state[_pid] = 0; break
          :: else ->
            dequeue(_pid); kind[_pid] = 0;
            d_step {
              if :: qn != 0 -> fl = waiters && !(wr || rd > 0) :: else -> waiters = false; handoff = false; fl = false fi
            };
            spin_unlock(); state[_pid] = 0; got = 0;
            if :: fl -> fl = false; rwsem_wake(true) :: else fi;
            break
          fi
        :: kind[_pid] != 0 && !(killable == 1 && sig[_pid]) -> schedule()
        fi
      od
    fi
  fi; skip;
  d_step { n = 0; ow = false; oh = false; fl = false }
}
inline up_read() {
  d_step { rd--; fl = waiters && !wr && rd == 0 };
  if :: fl -> fl = false; rwsem_wake(true) :: else fi
}
inline down_write() {
  atomic { if :: rd == 0 && !wr && !waiters && !handoff -> wr = true; first = true :: else -> first = false fi };
  if
  :: first -> first = false
  :: else ->
    spin_lock();
    d_step { first = (qn == 0); q[qn] = _pid; qkind[qn] = 2; qn++; kind[_pid] = 2; failed = false };
    if
    :: first -> waiters = true
    :: else ->
      if :: !wr && rd == 0 -> spin_unlock(); rwsem_wake(true); spin_lock() :: else fi
    fi;
    first = false;
    do
    :: true ->
      state[_pid] = 1;
      d_step { ow = wr || rd > 0; oh = handoff; fl = waiters; first = (q[0] == _pid) };
      if
      :: oh && !(first && hand[_pid]) -> goto_sleep()
      :: !(oh && !(first && hand[_pid])) && ow ->
        if
        :: first && failed && !oh && HANDS_OFF ->
          atomic { if :: handoff == oh && waiters == fl && (wr || rd > 0) -> handoff = true; hand[_pid] = true; ow = true :: else -> ow = false fi };
          if :: ow -> goto_sleep() :: else fi
        :: else -> goto_sleep()
        fi
      :: else ->
        atomic {
          if
          :: !wr && rd == 0 && handoff == oh && waiters == fl ->
            wr = true; handoff = false; if :: qn == 1 -> waiters = false :: else fi; ow = true
          :: else -> ow = false
          fi
        };
        if
        :: ow -> dequeue(_pid); d_step { kind[_pid] = 0; hand[_pid] = false }; spin_unlock(); state[_pid] = 0; break
        :: else
        fi
      fi
    od
  fi; skip;
  d_step { ow = false; oh = false; fl = false; first = false; failed = false }
}
inline goto_sleep() {
  spin_unlock(); schedule();
  d_step { failed = true; ow = false; oh = false; fl = false; first = false };
  spin_lock()
}
inline up_write() {
  d_step { wr = false; fl = waiters };
  if :: fl -> fl = false; rwsem_wake(true) :: else fi
}
`;

const VMA = `
/* the VMA: its count, whether readers are excluded, whether vm_lock_seq is mm_lock_seq, and whether the tree has it */
byte ref = 1; bool excl, cur, tree = true;
byte wait_task; byte held; bool seen[NT]; bool finished[NT];

inline bump() { d_step { cur = false; i = 0; do :: i < NT -> seen[i] = false; i++ :: else -> break od; i = 0 } }
inline put() {
  d_step { ref--; fl = excl && ref <= 1 };
  if
  :: fl && WAKES -> fl = false; h = wait_task; if :: h != 0 -> wake(h - 1) :: else fi; h = 0
  :: else -> fl = false
  fi
}
inline lock_vma_under_rcu() {
  vma = 0;
  do
  :: true ->
    if :: !tree -> break :: tree -> skip fi;
    seen[_pid] = cur;
    if :: seen[_pid] -> break :: else fi;
    d_step { oref = ref; oexcl = excl };
    do
    :: oref == 0 || oexcl -> break
    :: else ->
      d_step { if :: ref == oref && excl == oexcl -> ref++; vma = 1 :: else -> oref = ref; oexcl = excl fi };
      if :: vma == 1 -> break :: else fi
    od;
    if
    :: vma == 0 && oref == 0 && !oexcl -> goto_walk_again()
    :: vma == 0 && !(oref == 0 && !oexcl) -> break
    :: vma == 1 ->
      seen[_pid] = cur;
      if :: seen[_pid] && RECHECKS -> put(); vma = 0 :: else fi;
      break
    fi
  od; skip;
  d_step { oref = 0; oexcl = false; seen[_pid] = false }
}
inline goto_walk_again() { d_step { oref = 0; oexcl = false } }
inline start_read_locked() {
  oref = ref;
  do
  :: d_step { if :: ref == oref -> ref++; vma = 1 :: else -> oref = ref fi };
    if :: vma == 1 -> break :: else fi
  od;
  oref = 0
}
inline wait_for_readers(target) {
  excl = true;
  wait_task = _pid + 1;
  do
  :: true ->
    state[_pid] = 1;
    if :: ref == target -> break :: ref != target -> schedule() fi
  od;
  state[_pid] = 0;
  wait_task = 0
}
inline start_write() {
  if :: WAITS -> wait_for_readers(1) :: else fi;
  cur = true;
  if :: WAITS -> excl = false :: else fi
}
`;

const LOCALS =
  'byte i, j, n, h, oref, vma, k, chain[NT]; bool ow, oh, fl, oexcl, first, failed, mm; byte got;';

/** The lookup's own steps, ending with `vma` and, for one that keeps mmap_lock, `mm` set. */
function lookup(q: SpinQuestion): string {
  const killable = q.lookup.endsWith('-killable') ? 1 : 0;
  switch (q.lookup) {
    case 'mmap_lock':
      return 'down_read(0); vma = tree; if :: vma == 1 -> mm = true :: else -> up_read() fi;';
    case 'classic':
      return `lock_vma_under_rcu();
  if :: vma == 0 -> down_read(0); vma = tree; if :: vma == 1 -> mm = true :: else -> up_read() fi :: else fi;`;
    case 'wait':
    case 'wait-killable':
      return `do
  :: true ->
    lock_vma_under_rcu();
    if :: vma == 1 -> break :: else fi;
    down_read(${killable});
    if :: got == 0 -> break :: else fi;
    oref = tree; up_read();
    if :: oref == 0 -> break :: else -> oref = 0 fi
  od; oref = 0;`;
    default:
      return `lock_vma_under_rcu();
  if
  :: vma == 0 ->
    down_read(${killable});
    if
    :: got == 1 ->
      ${q.lookup === 'unlocked-as-posted' ? 'assert(false);' : ''}
      if :: tree -> start_read_locked() :: else fi;
      up_read()
    :: else
    fi
  :: else
  fi;`;
  }
}

function reader(q: SpinQuestion): string {
  const take = {
    nothing: '',
    mmap_lock: 'down_read(0);',
    vma: 'do :: lock_vma_under_rcu(); if :: vma == 1 -> break :: else -> goto end fi od;',
  };
  const drop = { nothing: '', mmap_lock: 'up_read();', vma: 'put();' };
  return `
proctype reader() {
  ${LOCALS}
  ${take[q.holding]} vma = 0;
  ${lookup(q)}
  if
  :: vma == 1 ->
    d_step { ${q.property === 'safety' ? 'assert(tree && !cur);' : ''} held++ };
    held--;
    if :: mm -> up_read() :: else -> put() fi
  :: else
  fi;
  ${drop[q.holding]}
end: finished[_pid] = true
}`;
}

function writer(q: SpinQuestion): string {
  const forever = !Number.isFinite(q.ops);
  const safe = q.property === 'safety' ? 'assert(held == 0);' : '';
  const modify = `down_write(); bump(); start_write(); d_step { ${safe} skip }; bump(); up_write();`;
  const unmap = `if
    :: tree -> down_write(); bump(); start_write();
      d_step { ref--; fl = ref == 0 };
      if :: !fl && DETACH_WAITS -> wait_for_readers(0); excl = false :: else fi; fl = false;
      tree = false; bump(); up_write()
    :: else -> down_write(); bump(); cur = true; d_step { ${safe} ref = 1 }; tree = true; bump(); up_write()
    fi;`;
  const op = q.write === 'unmap' ? unmap : modify;
  return `
proctype writer() {
  ${LOCALS}
  ${forever ? `do :: true -> ${op} od` : `do :: k < ${q.ops} -> ${op} k++ :: else -> break od`}
}
proctype holder() {
  ${LOCALS}
  down_write(); bump(); start_write();
end_holds: false
}
proctype killer(byte t) { sig[t] = true; atomic { if :: state[t] == 2 -> state[t] = 0; asleep[t] = false :: else fi } }`;
}

/** The model of a question. */
export function promela(q: SpinQuestion): string {
  const killable = q.property === 'killable';
  const runs = [
    ...Array.from({ length: q.readers }, () => 'run reader()'),
    ...Array.from({ length: q.writers }, () => (killable ? 'run holder()' : 'run writer()')),
    ...(killable ? Array.from({ length: q.readers }, (_, i) => `run killer(${i + 1})`) : []),
  ];
  const define = (name: string, value: boolean | number) => `#define ${name} ${Number(value)}`;
  return [
    define('NT', runs.length + 1),
    define('HANDS_OFF', q.queue === 'handoff'),
    define('RECHECKS', q.mutate !== 'no-sequence-recheck'),
    define('WAITS', q.mutate !== 'no-writer-wait'),
    define('WAKES', q.mutate !== 'no-wake-up'),
    define('DETACH_WAITS', q.mutate !== 'no-detach-wait'),
    SEMAPHORE,
    VMA,
    reader(q),
    writer(q),
    `init { atomic { ${runs.join('; ')} } }`,
    ...(q.property === 'progress' ? ['ltl returns { <> finished[1] }'] : []),
    '',
  ].join('\n');
}
