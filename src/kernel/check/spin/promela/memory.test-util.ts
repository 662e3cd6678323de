/** VMAs, the trees of the mms, the slab cache of VMAs, RCU, and mm_lock_seq in Promela. */

export interface MemoryOptions {
  /** SLAB_TYPESAFE_BY_RCU: a freed VMA is free at once, and its memory stays a VMA's while a reader is in its section. Else it waits for a grace period. */
  readonly typesafe: boolean;
  /** Whether numbers of the sequence of one mm are compared with those of another: then they are kept as they are, and the model has to be finite. */
  readonly counted: boolean;
  /** Since 6.14 the sequence is odd while mmap_lock is held for writing; before it was counted up at the end only. */
  readonly seqcount: boolean;
}

/**
 * VMAs are numbered from 1, mms from 0, pages of an mm from 0; a VMA's place is two pages wide. Of the values of a sequence that only grows and
 * is only compared with its own copies all that are of the past are alike: 1 is now and 0 is the past.
 */
export function memory(o: MemoryOptions): string {
  const all = (array: string, from: string, size: string) =>
    `i = ${from}; do :: i < ${size} -> ${array}[i] = 0; i++ :: else -> break od;`;
  const bump = o.counted
    ? 'mseq[m]++'
    : `d_step { ${all('vseq', '1', 'NV')} ${all('lseq', '0', 'NT')} i = 0 }`;
  return `
byte vstart[NV], vend[NV], vmm[NV]; bool ro[NV], anon[NV];
short vseq[NV];
short mseq[NM];
/* what a routine of a task has read of vm_lock_seq */
short lseq[NT];
byte tree[NM * PAGES];
/* slab: 0 free, 1 in use, 2 waits for the tasks in pending */
byte slab[NV], pending[NV], freelist[NV], nfree;
/* depth of RCU sections, where anybody else asks for it: see memoryLocals */
${o.typesafe ? '' : 'byte rcu[NT];'}
/* ghosts: the VMA a lookup gave a task; whose last lookup has returned */
byte held[NT]; bool finished[NT];

inline bump(m) { ${bump} }
inline mmap_write_lock(m) { down_write(m); ${o.seqcount ? 'bump(m)' : 'skip'} }
inline rcu_read_lock() { ${o.typesafe ? 'section = true' : 'rcu[_pid]++'} }
inline give_back(x) { slab[x] = 0; freelist[nfree] = x; nfree++ }
inline rcu_read_unlock() {
  ${
    o.typesafe
      ? 'section = false'
      : `d_step {
    rcu[_pid]--;
    if
    :: rcu[_pid] == 0 ->
      i = 1;
      do
      :: i < NV ->
        if
        :: slab[i] == 2 ->
          pending[i] = pending[i] & (255 - (1 << _pid));
          if :: pending[i] == 0 -> assert_unlocked(i); give_back(i) :: else fi
        :: else
        fi;
        i++
      :: else -> break
      od;
      i = 0
    :: else
    fi
  }`
  }
}
inline vm_area_free(x) {
  d_step {
    assert_detached(x);
    ${
      o.typesafe
        ? 'give_back(x)'
        : `pending[x] = 0; i = 0;
    do :: i < NT -> if :: rcu[i] > 0 -> pending[x] = pending[x] | (1 << i) :: else fi; i++ :: else -> break od;
    i = 0;
    if :: pending[x] == 0 -> assert_unlocked(x); give_back(x) :: else -> slab[x] = 2 fi`
    }
  }
}
/* an allocation waits while nothing is free; what the last user left is wiped but for the count */
inline vm_area_alloc(x, m, from, to) {
  d_step { nfree > 0 -> nfree--; x = freelist[nfree]; freelist[nfree] = 0; slab[x] = 1 };
  d_step { vmm[x] = m; vstart[x] = from; vend[x] = to; vseq[x] = ${o.counted ? '-1' : '0'}; ro[x] = false; anon[x] = false; fresh(x) }
}
/* an access to a VMA's memory */
inline use(x) { assert(slab[x] != 0${o.typesafe ? ' || section' : ''}) }
inline assert_unheld(x) {
  i = 0; do :: i < NT -> assert(held[i] != x || i == _pid); i++ :: else -> break od; i = 0
}
inline store(m, from, to, x) {
  d_step { i = from; do :: i < to -> tree[m * PAGES + i] = x; i++ :: else -> break od; i = 0 }
}
`;
}

/** Locals of a process that uses VMAs. Who asks nobody about his RCU section keeps it to himself. */
export const memoryLocals = (typesafe: boolean) => (typesafe ? 'bool section;' : '');
