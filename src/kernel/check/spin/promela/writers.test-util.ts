/** Writers in Promela: what each kind of change does to locks, the tree and VMAs, after mm/vma.c, mm/mmap.c and mm/mprotect.c. */
import type { Write } from '../../index.ts';

export interface WriterOptions {
  readonly write: Write;
  /** Whether it never ends; else it makes `ops` operations. */
  readonly forever: boolean;
  /** mmap write-locks the VMA it makes: from 6.6 on. */
  readonly mmapLocks: boolean;
}

const END = 'bump(m); up_write(m)';
/** The VMAs of a place's first and second page. */
const AT = 'm * PAGES + page';

/** mprotect of the whole VMA; nothing to do if it is as wanted. */
const MODIFY = `mmap_write_lock(m);
    d_step { v = tree[${AT}]; fl = (ro[v] == odd) };
    if
    :: fl -> fl = false; vma_start_write(); d_step { assert_unheld(v); ro[v] = !odd }
    :: else
    fi;
    v = 0; ${END}`;

/** mprotect of the second page: read-only splits it off into a VMA below it; back, it is merged into that. */
const SPLIT = `mmap_write_lock(m);
    d_step { v = tree[${AT} + 1]; other = tree[${AT}]; fl = (ro[v] == odd) };
    if
    :: fl && other == v -> /* __split_vma: the new VMA is the lower one */
      d_step { fl = false; other = 0 };
      vm_area_alloc(other, m, page, page + 1);
      d_step { anon[other] = anon[v]; ro[other] = ro[v] };
      vma_start_write();
      d_step { i = v; v = other; other = i; i = 0 };
      vma_start_write();
      d_step { assert_unheld(other); vstart[other] = page + 1 };
      vma_mark_attached();
      store(m, page, page + 1, v);
      d_step { assert_unheld(other); ro[other] = !odd }
    :: fl && other != v -> /* commit_merge: the lower one is kept */
      fl = false;
      vma_start_write();
      d_step { i = v; v = other; other = i; i = 0 };
      vma_start_write();
      d_step { assert_unheld(v); vend[v] = page + 2 };
      store(m, page, page + 2, v);
      v = other;
      vma_mark_detached();
      vm_area_free(v)
    :: else
    fi; skip;
    d_step { v = 0; other = 0; fl = false }; ${END}`;

const GATHER = `vma_start_write(); vma_mark_detached();`;

/** munmap: the VMA is freed under mmap_lock downgraded to read. */
const MUNMAP = `mmap_write_lock(m);
    v = tree[${AT}];
    if
    :: v != 0 ->
      ${GATHER}
      store(m, page, page + 2, 0);
      bump(m); downgrade_write(m);
      vm_area_free(v); v = 0;
      up_read(m)
    :: else -> ${END}
    fi`;

/** mmap(MAP_FIXED): what is there is detached, replaced in the tree, and then freed. */
const map = (mmapLocks: boolean) => `mmap_write_lock(m);
    v = tree[${AT}];
    if :: v != 0 -> ${GATHER} other = v :: else fi;
    vm_area_alloc(v, m, page, page + 2);
    ${mmapLocks ? 'vma_start_write();' : ''}
    vma_mark_attached();
    store(m, page, page + 2, v);
    if :: other != 0 -> vm_area_free(other); other = 0 :: else fi;
    v = 0; ${END}`;

function operation({ write, mmapLocks }: WriterOptions): string {
  switch (write) {
    case 'modify':
      return `${MODIFY}; odd = !odd`;
    case 'split':
      return `${SPLIT}; odd = !odd`;
    case 'reuse':
      return map(mmapLocks);
    default:
      return `if
    :: !odd -> ${MUNMAP}
    :: else -> ${map(mmapLocks)}
    fi;
    odd = !odd`;
  }
}

/** `writer(m, page, odd)`: changes the place that begins at a page, over and over; `odd` is where the alternation begins. */
export function writer(o: WriterOptions, locals: string): string {
  const { forever } = o;
  const guard = forever ? ':: true ->' : ':: left > 0 -> left--;';
  return `
proctype writer(byte m; byte page; bool odd) {
  ${locals} byte other${forever ? '' : ', left = ops'};
  do
  ${guard}
    ${operation(o)}
  ${forever ? '' : ':: else -> break'}
  od
}`;
}

/** Write-locks a VMA and lets go of nothing; and who sends a reader a fatal signal. */
export const holderAndKiller = (locals: string) => `
proctype holder(byte m; byte page) {
  ${locals}
  mmap_write_lock(m);
  v = tree[${AT}];
  vma_start_write();
end_holds: false
}
proctype killer(byte t) { sig[t] = true; atomic { if :: state[t] == 2 -> wake(t) :: else fi } }`;
