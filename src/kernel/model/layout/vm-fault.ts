import type { SurfaceStruct } from '../surface.ts';
import { entry, ULONG } from './basic-types.ts';
import {
  anonymous,
  field,
  integer,
  layout,
  type Member,
  pointer,
  struct,
  union,
  word,
} from './c-layout.ts';
import type { LayoutContext } from './context.ts';

function members(c: LayoutContext): readonly Member[] {
  return [
    anonymous(
      struct(undefined, [
        field('vma', pointer('struct vm_area_struct')),
        field('gfp_mask', integer('gfp_t', 4)),
        field('pgoff', word('pgoff_t')),
        field('address', ULONG),
        field('real_address', ULONG),
      ]),
    ),
    field('flags', integer('enum fault_flag', 4)),
    field('pmd', pointer('pmd_t')),
    field('pud', pointer('pud_t')),
    anonymous(
      union(undefined, [
        field('orig_pte', entry(c, 'pte_t')),
        field('orig_pmd', entry(c, 'pmd_t')),
      ]),
    ),
    field('cow_page', pointer('struct page')),
    field('page', pointer('struct page')),
    field('pte', pointer('pte_t')),
    field('ptl', pointer('spinlock_t')),
    field('prealloc_pte', word('pgtable_t')),
  ];
}

/** struct vm_fault (include/linux/mm.h), on the stack of whoever handles a fault. The same from 6.4 to 7.0. */
export function vmFault(c: LayoutContext): SurfaceStruct {
  return { name: 'vm_fault', file: 'include/linux/mm.h', ...layout(members(c), c.abi) };
}
