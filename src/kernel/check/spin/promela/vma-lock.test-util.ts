/** The per-VMA lock and lock_vma_under_rcu of a generation in Promela, after mm/memory.c of 6.4 to 6.15 and mm/mmap_lock.c of 7.0. */

export type Generation = '6.4' | '6.6' | '6.12' | '6.15' | '7.0';

export interface VmaLockOptions {
  readonly generation: Generation;
  /** Name of the safeguard that is left out. */
  readonly without?: string | undefined;
  /** Statement where lock_vma_under_rcu goes back to walk again. */
  readonly atWalkAgain: string;
  /** Statement where vma_start_read tries its compare-and-exchange again. */
  readonly atExchangeAgain: string;
}

/** Inlines work on the locals `m`, `page` and `v`; `got` is 1 for a VMA taken. */
export function vmaLock(o: VmaLockOptions): string {
  return o.generation === '6.15' || o.generation === '7.0' ? counted(o) : semaphored(o);
}

/** Locals of a process that uses VMA locks. */
export const VMA_LOCALS = 'byte v, oref, pm; bool oexcl;';

const again = 'd_step { oref = 0; oexcl = false; v = 0 }';

/** Compares the VMA's sequence with an mm's: two reads. Continues with `fl`. */
const sameSequence = (mm: string) => `
  d_step { use(v); lseq[_pid] = vseq[v] };
  d_step { ${mm === 'm' ? '' : 'use(v);'} fl = (mseq[${mm}] == lseq[_pid]); lseq[_pid] = 0 }`;

/**
 * What both kinds of lock do: the RCU section, and the looks at the sequence before and after the VMA is taken.
 *
 * @param mm whose sequence the VMA's is compared with
 * @param undo lets go of a VMA that is being modified
 */
function looks(without: string | undefined, mm: string, undo: string) {
  const first = `${sameSequence(mm)};
  if :: fl -> fl = false; got = 3 :: else fi;`;
  const recheck = `if
  :: got == 1 ->
    ${sameSequence(mm)};
    if :: fl -> fl = false; ${undo}; got = 3 :: else fi
  :: else
  fi;`;
  return {
    rcu: (what: 'lock' | 'unlock') => (without === 'no-rcu' ? 'skip' : `rcu_read_${what}()`),
    first: without === 'no-first-look' ? '' : first,
    recheck: without === 'no-sequence-recheck' ? '' : recheck,
  };
}

/** vm_refcnt: the count, and the flag that keeps readers out, apart. */
function counted({ generation, without, atWalkAgain, atExchangeAgain }: VmaLockOptions): string {
  const newer = generation === '7.0';
  const { rcu, first, recheck } = looks(without, 'm', 'vma_refcount_put()');
  const otherMm = 'd_step { use(v); fl = (vmm[v] != m) }';
  const checksMm = without !== 'no-mm-check';
  // RCU is dropped before the reference to the reused VMA is.
  const mmInStart =
    newer && checksMm
      ? `if
  :: got == 1 ->
    ${otherMm};
    if :: fl -> fl = false; ${rcu('unlock')}; vma_refcount_put(); ${rcu('lock')}; got = 3 :: else fi
  :: else
  fi;`
      : '';
  const outside = 'd_step { use(v); fl = (page < vstart[v] || page >= vend[v]) }';
  const range =
    without === 'no-range-check'
      ? ''
      : `${outside};
      if :: fl -> fl = false; vma_refcount_put(); got = 0 :: else fi;`;
  const mmInLookup =
    !newer && checksMm
      ? `${otherMm};
      if :: fl -> fl = false; vma_refcount_put(); got = 0 :: else fi;`
      : '';
  const taken = newer
    ? `${rcu('unlock')}; ${range} break`
    : `${mmInLookup}
      if :: got == 1 -> ${range} skip :: else fi;
      ${rcu('unlock')}; break`;
  const waitsFor = (target: number, after: string) => `
    d_step { fl = (ref[v] != 0); if :: fl -> excl[v] = true :: else fi };
    if
    :: fl ->
      fl = false;
      wait_task[m] = _pid + 1;
      do
      :: true ->
        state[_pid] = 1;
        if :: ref[v] == ${target} -> break :: ref[v] != ${target} -> schedule() fi
      od;
      state[_pid] = 0;
      wait_task[m] = 0;
      ${after}
    :: else -> ${target === 1 ? 'vseq[v] = mseq[m]' : 'skip'}
    fi`;
  return `
byte ref[NV]; bool excl[NV];
byte wait_task[NM];

inline fresh(x) { skip }
inline assert_detached(x) { assert(ref[x] == 0 && !excl[x]) }
inline assert_unlocked(x) { skip }
inline vma_refcount_put() {
  d_step { use(v); pm = vmm[v] };
  d_step { use(v); assert(ref[v] > 0); ref[v]--; fl = excl[v] && ref[v] <= 1 };
  if
  :: fl -> fl = false; ${without === 'no-wake-up' ? 'skip' : 'h = wait_task[pm]; if :: h != 0 -> wake(h - 1) :: else fi; h = 0'}
  :: else
  fi;
  pm = 0
}
inline vma_end_read() { vma_refcount_put() }
inline vma_start_read() {
  got = 0;
  ${first}
  if
  :: got == 0 ->
    d_step { use(v); oref = ref[v]; oexcl = excl[v] };
    do
    :: oref == 0 && !oexcl -> got = 2; break
    :: oexcl -> got = 3; break
    :: else ->
      d_step { use(v); if :: ref[v] == oref && excl[v] == oexcl -> ref[v]++; got = 1 :: else -> oref = ref[v]; oexcl = excl[v] fi };
      if :: got == 1 -> break :: else -> ${atExchangeAgain} fi
    od; skip;
    d_step { oref = 0; oexcl = false }
  :: else
  fi;
  ${mmInStart}
  ${recheck}
}
inline lock_vma_under_rcu() {
  got = 0;
  ${newer ? '' : `${rcu('lock')};`}
  do
  :: true ->
    ${newer ? `${rcu('lock')};` : ''}
    v = tree[m * PAGES + page];
    if :: v == 0 -> got = 0; ${rcu('unlock')}; break :: else fi;
    vma_start_read();
    if
    :: got == 3 -> got = 0; ${rcu('unlock')}; break
    :: got == 2 -> ${newer ? `${rcu('unlock')};` : ''} ${again}; ${atWalkAgain}
    :: got == 1 ->
      ${taken}
    fi
  od;
  if :: got == 0 -> v = 0 :: else fi
}
inline vma_start_read_locked() {
  got = 0;
  d_step { oref = ref[v]; oexcl = excl[v] };
  do
  :: oref == 0 || oexcl -> break
  :: else ->
    d_step { if :: ref[v] == oref && excl[v] == oexcl -> ref[v]++; got = 1 :: else -> oref = ref[v]; oexcl = excl[v] fi };
    if :: got == 1 -> break :: else fi
  od; skip;
  d_step { oref = 0; oexcl = false };
  if :: got == 0 -> v = 0 :: else fi
}
inline vma_start_write() {
  if
  :: vseq[v] != mseq[m] ->
    ${without === 'no-writer-wait' ? 'vseq[v] = mseq[m]' : waitsFor(1, 'vseq[v] = mseq[m]; excl[v] = false')}
  :: else
  fi
}
inline vma_mark_attached() { d_step { assert(vseq[v] == mseq[m] && ref[v] == 0 && !excl[v]); ref[v] = 1 } }
inline vma_mark_detached() {
  d_step { assert(vseq[v] == mseq[m] && ref[v] > 0); ref[v]--; fl = (ref[v] != 0) };
  if
  :: fl -> fl = false; ${without === 'no-detach-wait' ? 'skip' : waitsFor(0, 'excl[v] = false')}
  :: else
  fi
}
`;
}

/** A semaphore per VMA, number NM + v. */
function semaphored({ generation, without, atWalkAgain }: VmaLockOptions): string {
  const { rcu, first, recheck } = looks(without, 'vmm[v]', 'up_read(NM + v)');
  const range =
    without === 'no-range-check'
      ? ''
      : `if
      :: got == 1 ->
        d_step { use(v); fl = (page < vstart[v] || page >= vend[v]) };
        if :: fl -> fl = false; vma_end_read(); got = 3 :: else fi
      :: else
      fi;`;
  const detached =
    without === 'no-detached-check'
      ? ''
      : `if
      :: got == 1 ->
        d_step { use(v); fl = detached[v] };
        if :: fl -> fl = false; vma_end_read(); got = 2 :: else fi
      :: else
      fi;`;
  const prepared = 'd_step { use(v); fl = !anon[v] }';
  const anonBefore =
    generation === '6.4'
      ? `${prepared}; if :: fl -> fl = false; got = 0; ${rcu('unlock')}; break :: else fi;`
      : '';
  const anonAfter =
    generation === '6.6'
      ? `if
      :: got == 1 -> ${prepared}; if :: fl -> fl = false; vma_end_read(); got = 3 :: else fi
      :: else
      fi;`
      : '';
  const wait = without === 'no-writer-wait';
  return `
bool detached[NV];

inline fresh(x) { detached[x] = false }
inline assert_detached(x) { skip }
inline assert_unlocked(x) { assert(sem[NM + x].rd == 0 && !sem[NM + x].wr) }
inline vma_end_read() { rcu_read_lock(); d_step { use(v) }; up_read(NM + v); rcu_read_unlock() }
inline vma_start_read() {
  got = 0;
  ${first}
  if :: got == 0 -> d_step { use(v) }; down_read_trylock(NM + v); if :: got == 0 -> got = 3 :: else fi :: else fi;
  ${recheck}
}
inline lock_vma_under_rcu() {
  got = 0;
  ${rcu('lock')};
  do
  :: true ->
    v = tree[m * PAGES + page];
    if :: v == 0 -> got = 0; ${rcu('unlock')}; break :: else fi;
    ${anonBefore}
    vma_start_read();
    ${anonAfter}
    ${generation === '6.12' ? detached + range : range + detached}
    if
    :: got == 3 -> got = 0; ${rcu('unlock')}; break
    :: got == 2 -> v = 0; ${atWalkAgain}
    :: got == 1 -> ${rcu('unlock')}; break
    fi
  od;
  if :: got == 0 -> v = 0 :: else fi
}
inline vma_start_read_locked() { down_read(NM + v, 0) }
inline vma_start_write() {
  if
  :: vseq[v] != mseq[m] ->
    ${wait ? '' : 'down_write(NM + v);'}
    vseq[v] = mseq[m];
    ${wait ? 'skip' : 'up_write(NM + v)'}
  :: else
  fi
}
inline vma_mark_attached() { detached[v] = false }
inline vma_mark_detached() { d_step { assert(vseq[v] == mseq[m]); detached[v] = true } }
`;
}
