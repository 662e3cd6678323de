/** struct rw_semaphore in Promela, after kernel/locking/rwsem.c: the count in its parts, the queue under wait_lock, stealing, handoff. */

export interface SemaphoreOptions {
  /** Whether the first waiter has waited long enough to ask for handoff; else nobody ever has. */
  readonly handsOff: boolean;
  /** Whether the last reader wakes the waiters. */
  readonly readersWake: boolean;
  /** Statement where down_read_trylock tries its compare-and-exchange again. */
  readonly atTrylockAgain: string;
}

/**
 * The semaphores `sem[0..NS-1]` and the tasks `0..NT-1`. Inlines take the number of a semaphore, and use the locals of {@link SEMAPHORE_LOCALS}, which they
 * leave as they were.
 */
export function semaphore(o: SemaphoreOptions): string {
  const handoff = (condition: string, then: string) =>
    o.handsOff ? `if :: ${condition} -> ${then} :: else fi` : 'skip';
  return `
typedef rw_semaphore { byte rd; bool wr; bool waiters; bool handoff; bool wait_lock; byte q[NT]; byte qkind[NT]; byte qn };
rw_semaphore sem[NS];
/* task_struct: __state, rwsem_waiter.type while it waits, off the run queue, rwsem_waiter.handoff_set, fatal signal */
byte state[NT], kind[NT]; bool asleep[NT], hand[NT], sig[NT];

inline wake(t) { d_step { state[t] = 0; asleep[t] = false } }
inline spin_lock(s) { atomic { !sem[s].wait_lock; sem[s].wait_lock = true } }
inline spin_unlock(s) { sem[s].wait_lock = false }
inline schedule() { atomic { if :: state[_pid] != 0 -> asleep[_pid] = true :: else fi }; !asleep[_pid] }
inline dequeue(s) {
  d_step {
    i = 0; do :: sem[s].q[i] != _pid -> i++ :: else -> break od;
    do :: i + 1 < sem[s].qn -> sem[s].q[i] = sem[s].q[i + 1]; sem[s].qkind[i] = sem[s].qkind[i + 1]; i++ :: else -> break od;
    sem[s].qn--; sem[s].q[sem[s].qn] = 0; sem[s].qkind[sem[s].qn] = 0; i = 0
  }
}
inline enqueue(s, what) {
  first = (sem[s].qn == 0);
  sem[s].q[sem[s].qn] = _pid; sem[s].qkind[sem[s].qn] = what; sem[s].qn++; kind[_pid] = what
}
inline rwsem_wake(s, any) {
  spin_lock(s);
  if
  :: sem[s].qn == 0 -> spin_unlock(s)
  :: sem[s].qn > 0 && sem[s].qkind[0] == 1 ->
    d_step { ow = sem[s].wr; oh = sem[s].handoff; sem[s].rd++ };
    if
    :: ow -> d_step { sem[s].rd--; ${handoff('!oh', `sem[s].handoff = true`)} }; spin_unlock(s)
    :: else ->
      d_step { /* all readers leave the queue, under wait_lock */
        i = 0; n = 0; j = 0;
        do
        :: i < sem[s].qn && sem[s].qkind[i] == 1 -> chain[n] = sem[s].q[i]; n++; i++
        :: i < sem[s].qn && sem[s].qkind[i] != 1 -> sem[s].q[j] = sem[s].q[i]; sem[s].qkind[j] = sem[s].qkind[i]; j++; i++
        :: else -> break
        od;
        sem[s].qn = j;
        do :: j < i -> sem[s].q[j] = 0; sem[s].qkind[j] = 0; j++ :: else -> break od;
        i = 0; j = 0;
        sem[s].rd = sem[s].rd + n - 1;
        if :: sem[s].qn == 0 -> sem[s].waiters = false :: else fi;
        if :: oh -> sem[s].handoff = false :: else fi
      };
      spin_unlock(s);
      do
      :: i < n -> d_step { kind[chain[i]] = 0; wake(chain[i]); chain[i] = 0; i++ }
      :: else -> break
      od; skip;
      d_step { i = 0; n = 0 }
    fi
  :: sem[s].qn > 0 && sem[s].qkind[0] == 2 ->
    if :: any -> h = sem[s].q[0]; spin_unlock(s); wake(h); h = 0 :: else -> spin_unlock(s) fi
  fi; skip;
  d_step { ow = false; oh = false }
}
inline down_read(s, killable) {
  got = 1;
  d_step { sem[s].rd++; ow = sem[s].wr; oh = sem[s].handoff; fl = sem[s].waiters; n = sem[s].rd };
  if
  :: !ow && !oh && !fl -> skip
  :: !ow && !oh && fl && n <= 1 -> d_step { n = 0; ow = false; oh = false; fl = false }; rwsem_wake(s, false)
  :: else ->
    d_step { n = 0; ow = false; oh = false; fl = false };
    spin_lock(s);
    if
    :: sem[s].qn == 0 && !sem[s].wr -> spin_unlock(s)
    :: else ->
      d_step {
        enqueue(s, 1); sem[s].rd--;
        if :: first -> sem[s].waiters = true :: else fi;
        fl = sem[s].wr || sem[s].rd > 0; first = false
      };
      spin_unlock(s);
      if :: !fl -> rwsem_wake(s, true) :: else -> fl = false fi;
      do
      :: true ->
        state[_pid] = 1 + killable;
        if
        :: kind[_pid] == 0 -> state[_pid] = 0; break
        :: kind[_pid] != 0 && killable == 1 && sig[_pid] ->
          spin_lock(s);
          if
          :: kind[_pid] == 0 -> spin_unlock(s); state[_pid] = 0; break
          :: else ->
            d_step { dequeue(s); kind[_pid] = 0 };
            d_step {
              if
              :: sem[s].qn != 0 -> fl = sem[s].waiters && !(sem[s].wr || sem[s].rd > 0)
              :: else -> sem[s].waiters = false; sem[s].handoff = false; fl = false
              fi
            };
            spin_unlock(s); state[_pid] = 0; got = 0;
            if :: fl -> fl = false; rwsem_wake(s, true) :: else fi;
            break
          fi
        :: kind[_pid] != 0 && !(killable == 1 && sig[_pid]) -> schedule()
        fi
      od
    fi
  fi; skip;
  d_step { n = 0; ow = false; oh = false; fl = false }
}
inline down_read_trylock(s) {
  got = 0;
  d_step { fl = sem[s].wr || sem[s].waiters || sem[s].handoff; n = sem[s].rd };
  do
  :: fl -> break
  :: else ->
    d_step {
      if
      :: sem[s].rd == n && !sem[s].wr && !sem[s].waiters && !sem[s].handoff -> sem[s].rd++; got = 1
      :: else -> fl = sem[s].wr || sem[s].waiters || sem[s].handoff; n = sem[s].rd
      fi
    };
    if :: got == 1 -> break :: else -> ${o.atTrylockAgain} fi
  od; skip;
  d_step { fl = false; n = 0 }
}
inline up_read(s) {
  d_step { sem[s].rd--; fl = sem[s].waiters && !sem[s].wr && sem[s].rd == 0 };
  if :: fl -> fl = false; ${o.readersWake ? 'rwsem_wake(s, true)' : 'skip'} :: else fi
}
inline down_write(s) {
  atomic {
    if
    :: sem[s].rd == 0 && !sem[s].wr && !sem[s].waiters && !sem[s].handoff -> sem[s].wr = true; first = true
    :: else -> first = false
    fi
  };
  if
  :: first -> first = false
  :: else ->
    spin_lock(s);
    d_step { enqueue(s, 2); failed = false };
    if
    :: first -> sem[s].waiters = true
    :: else ->
      if :: !sem[s].wr && sem[s].rd == 0 -> spin_unlock(s); rwsem_wake(s, true); spin_lock(s) :: else fi
    fi;
    first = false;
    do
    :: true ->
      state[_pid] = 1;
      d_step { ow = sem[s].wr || sem[s].rd > 0; oh = sem[s].handoff; fl = sem[s].waiters; first = (sem[s].q[0] == _pid) };
      if
      :: oh && !(first && hand[_pid]) -> goto_sleep(s)
      :: !(oh && !(first && hand[_pid])) && ow ->
        ${
          o.handsOff
            ? `if
        :: first && failed && !oh ->
          atomic {
            if
            :: sem[s].handoff == oh && sem[s].waiters == fl && (sem[s].wr || sem[s].rd > 0) ->
              sem[s].handoff = true; hand[_pid] = true; ow = true
            :: else -> ow = false
            fi
          };
          if :: ow -> goto_sleep(s) :: else fi
        :: else -> goto_sleep(s)
        fi`
            : 'goto_sleep(s)'
        }
      :: else ->
        atomic {
          if
          :: !sem[s].wr && sem[s].rd == 0 && sem[s].handoff == oh && sem[s].waiters == fl ->
            sem[s].wr = true; sem[s].handoff = false; if :: sem[s].qn == 1 -> sem[s].waiters = false :: else fi; ow = true
          :: else -> ow = false
          fi
        };
        if
        :: ow -> d_step { dequeue(s); kind[_pid] = 0; hand[_pid] = false }; spin_unlock(s); state[_pid] = 0; break
        :: else
        fi
      fi
    od
  fi; skip;
  d_step { ow = false; oh = false; fl = false; first = false; failed = false }
}
inline goto_sleep(s) {
  spin_unlock(s); schedule();
  d_step { failed = true; ow = false; oh = false; fl = false; first = false };
  spin_lock(s)
}
inline up_write(s) {
  d_step { sem[s].wr = false; fl = sem[s].waiters };
  if :: fl -> fl = false; rwsem_wake(s, true) :: else fi
}
inline downgrade_write(s) {
  d_step { sem[s].wr = false; sem[s].rd++; fl = sem[s].waiters };
  if :: fl -> fl = false; rwsem_wake(s, false) :: else fi
}
`;
}

/** Locals of a process that uses semaphores. */
export const SEMAPHORE_LOCALS = 'byte i, j, n, h, chain[NT], got; bool ow, oh, fl, first, failed;';
