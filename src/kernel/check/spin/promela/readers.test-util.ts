/** Readers in Promela: every lookup, what the caller may hold already, and what undoes it. */
import type { Lookup } from '../../../lookup-variants.ts';
import type { Holding } from '../../index.ts';

export interface ReaderOptions {
  readonly lookup: Lookup;
  readonly holding: Holding;
  readonly lookups: number;
  /** Statement where lock_vma_under_rcu_wait goes back to try again. */
  readonly atGoto: string;
}

/** Takes mmap_lock for reading and has the VMA of the tree. */
const UNDER_MMAP_LOCK = `down_read(m, 0);
  v = tree[m * PAGES + page];
  if :: v != 0 -> mm = true :: else -> up_read(m) fi;`;

/** Ends with the VMA in `v`, 0 for none, and `mm` set if mmap_lock is kept for it. */
function lookup({ lookup, atGoto }: ReaderOptions): string {
  const killable = lookup.endsWith('-killable') ? 1 : 0;
  switch (lookup) {
    case 'mmap_lock':
      return UNDER_MMAP_LOCK;
    case 'classic':
      return `lock_vma_under_rcu();
  if :: v == 0 -> ${UNDER_MMAP_LOCK} :: else fi;`;
    case 'wait':
    case 'wait-killable':
      return `do
  :: true ->
    lock_vma_under_rcu();
    if :: v != 0 -> break :: else fi;
    down_read(m, ${killable});
    if :: got == 0 -> break :: else fi;
    v = tree[m * PAGES + page];
    up_read(m);
    if :: v == 0 -> break :: else -> v = 0; ${atGoto} fi
  od;`;
    default:
      return `lock_vma_under_rcu();
  if
  :: v == 0 ->
    down_read(m, ${killable});
    if
    :: got == 1 ->
      ${lookup === 'unlocked-as-posted' ? 'assert(v != 0)' : 'v = tree[m * PAGES + page]'};
      if :: v != 0 -> vma_start_read_locked() :: else fi;
      up_read(m)
    :: else
    fi
  :: else
  fi;`;
  }
}

const HOLD: Record<Holding, { take: string; drop: string }> = {
  nothing: { take: '', drop: '' },
  mmap_lock: { take: 'down_read(m, 0);', drop: 'up_read(m);' },
  vma: {
    take: 'lock_vma_under_rcu(); if :: v == 0 -> goto again :: else fi; mine = v; v = 0;',
    drop: 'v = mine; mine = 0; vma_end_read(); v = 0;',
  },
};

/** `reader(m, page)`: looks a page's VMA up, uses it, and gives it back. */
export function reader(o: ReaderOptions, locals: string): string {
  const { take, drop } = HOLD[o.holding];
  return `
proctype reader(byte m; byte page) {
  ${locals} byte left = ${o.lookups}, mine; bool mm;
again:
  if
  :: left == 0 -> finished[_pid] = true; goto end
  :: else -> left--
  fi;
  ${take}
  ${lookup(o)}
  if
  :: v != 0 ->
    d_step {
      assert(slab[v] == 1 && vmm[v] == m && page >= vstart[v] && page < vend[v]);
      assert(tree[m * PAGES + page] == v && vseq[v] != mseq[m]);
      held[_pid] = v;
      finished[_pid] = (left == 0)
    };
    d_step { use(v) };
    d_step { assert(slab[v] == 1); held[_pid] = 0 };
    if :: mm -> mm = false; v = 0; up_read(m) :: else -> vma_end_read(); v = 0 fi
  :: else -> finished[_pid] = (left == 0)
  fi;
  got = 0;
  ${drop}
  goto again;
end:
  skip
}`;
}
