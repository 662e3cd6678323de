/** Files in memory: the pages behind mappings of files. After mm/shmem.c, with a flat page cache per file. */
import { type Exec, type Routine, routine, W, wordStruct } from '../machine/index.ts';
import { RWSEM } from '../sync/rwsem/index.ts';
import { slab } from '../sync/slab.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { MmCore } from './mm-core.ts';
import { VM_OPS_HUGETLB, VM_OPS_SHMEM } from './structs.ts';
import { storedWord } from './transfer.ts';

/** Page-cache slots of one leaf, and leaves of one file: a file has at most their product in pages. */
const LEAF_SLOTS = 512;
const FILE_LEAVES = 128;
/** Pages a file can have. */
export const MAX_FILE_PAGES = LEAF_SLOTS * FILE_LEAVES;

const FILE = wordStruct('address_space', {
  i_pages_lock: 1,
  vm_ops: 1,
  // Descriptors, or for a System V segment its identifier: what keeps the file besides its mappings.
  opened: 1,
  refcount: 1,
  nrpages: 1,
  size: 1,
  i_rwsem: { line: RWSEM },
  // How many VMAs are in the tree of the file's mappings; the lock of that tree.
  i_mmap: { line: 1 },
  i_mmap_rwsem: RWSEM,
  leaves: { line: { array: FILE_LEAVES } },
});
const LEAF = wordStruct('xa_node', { slots: { array: LEAF_SLOTS } });

export interface Shmem {
  /** A new file of `pages` pages with one reference (shmem_file_setup); `ops` is what its mappings get as vm_ops. */
  create(k: Exec, pages: number, ops?: number): number;
  /** Whether a word is the address of a file, open or not. */
  isFile(word: number): boolean;
  /** What a mapping of the file gets as vm_ops. */
  opsOf(k: Exec, file: number): number;
  /** Pages the file is long. */
  sizeOf(k: Exec, file: number): number;
  /** Makes a file so many pages long. Gives how long it was. One shared write. */
  setSize(k: Exec, file: number, pages: number): number;
  /** Marks the page at an index dirty (folio_mark_dirty). Gives whether it was clean. */
  markDirty(k: Exec, file: number, index: number): boolean;
  /** Counts a descriptor as opened (1) or closed (-1). Gives how many there are then. */
  open(k: Exec, file: number, by: number): number;
  /** Puts a page into the cache at an index where there is none. Under i_pages_lock or alone. */
  insert(k: Exec, file: number, index: number, pfn: number): void;
  /** Takes the page at an index out of the cache, if there is one. Under i_pages_lock. */
  remove(k: Exec, file: number, index: number): void;
  /** The rwsem of a file: i_rwsem, or what a hugetlb file has in its place for faults (resv_map's rw_sema). */
  semOf(file: number): number;
  /** The rwsem of the tree of a file's mappings (i_mmap_rwsem). */
  mappingSemOf(file: number): number;
  /** VMAs linked to a file (i_mmap). */
  linked(k: Exec, file: number): number;
  /** Links so many VMAs more. i_mmap_rwsem is held for writing, or nobody else knows the VMA. One shared write. */
  link(k: Exec, file: number, vmas: number): void;
  /** Every file there is now. For invariants in tests. */
  all(k: Exec): readonly number[];
  /** Word of the lock of the page cache. */
  lockOf(file: number): number;
  /** The page frames of all page caches, and whether each begins a huge page. For invariants in tests. */
  cached(k: Exec): readonly { readonly pfn: number; readonly huge: boolean }[];
  get(k: Exec, file: number): void;
  put(k: Exec, file: number): void;
  /** Page at an index if the cache has it, else 0. */
  lookup(k: Exec, file: number, index: number): number;
  /**
   * `(file, index, write) -> pfn`: finds or allocates; 0 beyond the end of the file unless for a write, which makes it longer.
   * The page gets one more reference.
   */
  readonly shmem_fault: Routine;
  /** `(file, offset, pages)`: a write(2) of whole pages through the page cache. */
  readonly shmem_file_write_iter: Routine;
}

export function shmem(c: MmCore): Shmem {
  const { b, pages, rw } = c;
  const files = slab(b, FILE, Math.max(16, Math.ceil(b.size.vmas / 8)), 'address_space');
  const leaves = slab(b, LEAF, Math.max(64, Math.ceil(b.size.pages / LEAF_SLOTS) * 2), 'xa_node');
  const { i_pages_lock, refcount, nrpages, size, vm_ops, opened, leaves: LEAVES } = FILE.at;
  const I_RWSEM = FILE.at.i_rwsem;

  const all = (k: Exec): number[] => files.objects.filter((file) => k.peek(file + refcount) > 0);
  const slot = (k: Exec, file: number, index: number): number => {
    const leaf = k.peek(file + LEAVES + Math.floor(index / LEAF_SLOTS));
    return leaf === 0 ? 0 : leaf + (index % LEAF_SLOTS);
  };
  const lookup = (k: Exec, file: number, index: number): number => {
    const at = slot(k, file, index);
    // A dirty page's number is kept negative.
    return at === 0 ? 0 : Math.abs(k.peek(at));
  };
  const insert = (k: Exec, file: number, index: number, pfn: number) => {
    const at = file + LEAVES + Math.floor(index / LEAF_SLOTS);
    if (k.peek(at) === 0) {
      const leaf = leaves.alloc(k);
      k.fill(0, leaf, leaf + LEAF_SLOTS);
      k.poke(at, leaf);
    }
    k.poke(slot(k, file, index), pfn);
    k.poke(file + nrpages, k.peek(file + nrpages) + 1);
  };

  const shmem_fault = b.add(
    routine('shmem_fault', ['file', 'index', 'write', 'pfn'], (v) => ({
      check_size(k) {
        if (k.get(v.write)) return 'filemap_get_entry';
        if (k.get(v.index) >= k.load(k.get(v.file) + size)) return k.ret(0);
      },
      filemap_get_entry(k) {
        const file = k.get(v.file);
        k.work(W.shmem_get_folio);
        k.access(file + nrpages, 0);
        k.set(v.pfn, lookup(k, file, k.get(v.index)));
        if (k.get(v.pfn) === 0) return 'alloc_folio';
        pages.get(k, k.get(v.pfn));
        return k.ret(k.get(v.pfn));
      },
      alloc_folio(k) {
        k.set(v.pfn, pages.alloc(k));
        // What is about to be written need not be cleared.
        if (!k.get(v.write)) pages.clear(k, k.get(v.pfn));
      },
      lock_i_pages: (k) => spinLock(k, k.get(v.file) + i_pages_lock),
      add_to_page_cache(k) {
        const file = k.get(v.file);
        k.access(file + nrpages, 1);
        const there = lookup(k, file, k.get(v.index));
        if (there !== 0) {
          pages.put(k, k.get(v.pfn));
          k.set(v.pfn, there);
        } else {
          k.work(W.shmem_add_folio);
          insert(k, file, k.get(v.index), k.get(v.pfn));
        }
        pages.get(k, k.get(v.pfn));
      },
      unlock_i_pages(k) {
        spinUnlock(k, k.get(v.file) + i_pages_lock);
        return k.ret(k.get(v.pfn));
      },
    })),
  );

  const remove = (k: Exec, file: number, index: number) => {
    const pfn = index < MAX_FILE_PAGES ? lookup(k, file, index) : 0;
    if (pfn === 0) return;
    k.poke(slot(k, file, index), 0);
    k.poke(file + nrpages, k.peek(file + nrpages) - 1);
    pages.put(k, pfn);
  };

  const markDirty = (k: Exec, file: number, index: number): boolean => {
    const at = slot(k, file, index);
    const pfn = k.peek(at);
    if (pfn > 0) k.poke(at, -pfn);
    return pfn > 0;
  };

  const shmem_file_write_iter = b.add(
    routine('shmem_file_write_iter', ['file', 'offset', 'pages', 'pfn'], (v) => ({
      inode_lock: (k) => k.call(rw.down_write, k.get(v.file) + I_RWSEM),
      generic_perform_write(k) {
        if (k.get(v.pages) === 0) return 'inode_unlock';
      },
      shmem_write_begin: (k) => k.call(shmem_fault, k.get(v.file), k.get(v.offset), 1),
      copy_folio_from_iter(k) {
        k.set(v.pfn, k.result());
        k.work(W.copy_page);
        pages.setData(k, k.get(v.pfn), storedWord(k));
      },
      shmem_write_end(k) {
        const file = k.get(v.file);
        const next = k.get(v.offset) + 1;
        k.access(file + size, 1);
        if (k.peek(file + size) < next) k.poke(file + size, next);
        markDirty(k, file, k.get(v.offset));
        pages.put(k, k.get(v.pfn));
        k.set(v.offset, next);
        k.set(v.pages, k.get(v.pages) - 1);
        return 'generic_perform_write';
      },
      inode_unlock: (k) => k.call(rw.up_write, k.get(v.file) + I_RWSEM),
      done: (k) => k.ret(),
    })),
  );

  return {
    shmem_fault,
    shmem_file_write_iter,
    lookup,
    markDirty,
    insert,
    remove,
    semOf: (file) => file + I_RWSEM,
    mappingSemOf: (file) => file + FILE.at.i_mmap_rwsem,
    linked: (k, file) => k.load(file + FILE.at.i_mmap),
    link: (k, file, n) => k.store(file + FILE.at.i_mmap, k.peek(file + FILE.at.i_mmap) + n),
    all,
    lockOf: (file) => file + i_pages_lock,
    isFile: (word) => files.objects.includes(word),
    opsOf: (k, file) => k.peek(file + vm_ops),
    sizeOf: (k, file) => k.peek(file + size),
    setSize(k, file, n) {
      const old = k.peek(file + size);
      k.store(file + size, n);
      return old;
    },
    open(k, file, by) {
      k.poke(file + opened, k.peek(file + opened) + by);
      return k.peek(file + opened);
    },
    cached(k) {
      const found: { pfn: number; huge: boolean }[] = [];
      for (const file of all(k)) {
        const huge = k.peek(file + vm_ops) === VM_OPS_HUGETLB;
        for (let i = 0; i < FILE_LEAVES; i++) {
          const leaf = k.peek(file + LEAVES + i);
          for (let s = 0; leaf !== 0 && s < LEAF_SLOTS; s++) {
            const pfn = Math.abs(k.peek(leaf + s));
            if (pfn !== 0) found.push({ pfn, huge });
          }
        }
      }
      return found;
    },
    create(k, n, ops = VM_OPS_SHMEM) {
      if (n > LEAF_SLOTS * FILE_LEAVES) {
        throw new RangeError(`a shared mapping of ${n} pages is larger than the model's files`);
      }
      const file = files.alloc(k);
      k.fill(0, file, file + FILE.size);
      k.poke(file + refcount, 1);
      k.poke(file + size, n);
      k.poke(file + vm_ops, ops);
      return file;
    },
    get(k, file) {
      k.poke(file + refcount, k.peek(file + refcount) + 1);
    },
    put(k, file) {
      const left = k.peek(file + refcount) - 1;
      k.poke(file + refcount, left);
      if (left > 0) return;
      for (let i = 0; i < FILE_LEAVES; i++) {
        const leaf = k.peek(file + LEAVES + i);
        if (leaf === 0) continue;
        for (let s = 0; s < LEAF_SLOTS; s++) {
          const pfn = Math.abs(k.peek(leaf + s));
          if (pfn === 0) continue;
          if (k.peek(file + vm_ops) === VM_OPS_HUGETLB) pages.putHuge(k, pfn);
          else pages.put(k, pfn);
        }
        leaves.free(k, leaf);
      }
      files.free(k, file);
    },
  };
}
