/** What a program would see of its memory: pages by address, files by index, nothing of page tables or frames. For tests. */
import { ADVICE, MAP_FLAGS, PROT_READ, PROT_WRITE } from '../uapi.ts';
import { ELSEWHERE, type ScriptOp } from '../user-script.test-util.ts';

/** A file in memory; shared anonymous memory is one of its own. */
export interface File {
  readonly words: Map<number, number>;
  size: number;
  /** Who may have it mapped. */
  readonly spaces: Set<Reference>;
}
export const newFile = (size: number): File => ({ words: new Map(), size, spaces: new Set() });

/** A page that is mapped. */
interface Mapped {
  prot: number;
  readonly shared: boolean;
  readonly file: File | undefined;
  readonly index: number;
  /** What a private page holds once it has been written. */
  own?: number;
  /** Its owner has said that it may be lost (MADV_FREE): it holds what it did, or 0. */
  freed: boolean;
}

/** What an operation did: whether it went well, and what it loaded last. */
export interface Outcome {
  readonly ok: boolean;
  readonly loaded?: number;
  /** The load may as well have given 0. */
  readonly orZero?: boolean;
}
type Args = readonly number[];
/** How the kernel gets at a page: as user code would, or around the protection of private pages (FOLL_FORCE). */
type Way = 'user' | 'force';

export class Reference {
  readonly #pages: Map<number, Mapped>;
  readonly #file: File;

  /** @param file  what `file` arguments stand for */
  constructor(file: File, pages = new Map<number, Mapped>()) {
    this.#file = file;
    this.#pages = pages;
    file.spaces.add(this);
  }

  /** The memory of a child: private pages are copied, files are the same. */
  fork(): Reference {
    return new Reference(this.#file, new Map([...this.#pages].map(([at, p]) => [at, { ...p }])));
  }

  get pages(): IterableIterator<number> {
    return this.#pages.keys();
  }

  /** Forgets pages that are not mapped: a call that failed may have unmapped some. */
  keepOnly(isMapped: (page: number) => boolean): void {
    for (const page of this.#pages.keys()) if (!isMapped(page)) this.#pages.delete(page);
  }

  /** What a page holds. */
  word(page: number): { readonly word: number; readonly orZero: boolean } {
    const p = this.#pages.get(page) as Mapped;
    return { word: this.#load(p) ?? 0, orZero: p.freed };
  }

  /** A page whose contents were left open turned out to hold this. */
  settle(page: number, word: number): void {
    const p = this.#pages.get(page);
    if (p?.freed && p.own !== undefined) p.own = word;
  }

  #load(p: Mapped): number | undefined {
    if (p.own !== undefined) return p.own;
    if (p.file === undefined) return 0;
    return p.index < p.file.size ? (p.file.words.get(p.index) ?? 0) : undefined;
  }

  #read(page: number, way: Way = 'user'): Outcome {
    const p = this.#pages.get(page);
    if (p === undefined || (way === 'user' && !(p.prot & PROT_READ))) return { ok: false };
    const loaded = this.#load(p);
    return loaded === undefined ? { ok: false } : { ok: true, loaded, orZero: p.freed };
  }

  #write(page: number, word: number, way: Way = 'user'): boolean {
    const p = this.#pages.get(page);
    if (p === undefined || this.#load(p) === undefined) return false;
    if (!(p.prot & PROT_WRITE) && (way === 'user' || p.shared)) return false;
    if (p.shared) p.file?.words.set(p.index, word);
    else p.own = word;
    p.freed = false;
    return true;
  }

  /** A store elsewhere in the page: private memory is copied for it, and holds what it did. */
  #touch(page: number): boolean {
    const p = this.#pages.get(page);
    const word = p && this.#load(p);
    if (p === undefined || word === undefined || !(p.prot & PROT_WRITE)) return false;
    if (!p.shared) p.own ??= word;
    return true;
  }

  /** Page by page until one fails. */
  #each(start: number, pages: number, one: (page: number) => Outcome): Outcome {
    let seen: Outcome = { ok: true };
    for (let page = start; page < start + pages; page++) {
      const now = one(page);
      if (!now.ok) return { ...seen, ok: false };
      seen = now;
    }
    return seen;
  }

  #range(start: number, pages: number): Mapped[] {
    const found = Array.from({ length: pages }, (_, i) => this.#pages.get(start + i));
    return found.filter((p) => p !== undefined);
  }

  #unmap(start: number, pages: number): void {
    for (let i = 0; i < pages; i++) this.#pages.delete(start + i);
  }

  #mmap(pages: number, prot: number, flags: number, at: number, offset: number): void {
    const shared = (flags & MAP_FLAGS.shared) !== 0;
    const named = flags & MAP_FLAGS.anonymous ? undefined : this.#file;
    const file = named ?? (shared ? newFile(pages) : undefined);
    const first = named === undefined ? 0 : offset;
    for (let i = 0; i < pages; i++) {
      this.#pages.set(at + i, { prot, shared, file, index: first + i, freed: false });
    }
  }

  #mremap(at: number, old: number, pages: number, flags: number, result: number): void {
    const mapped = this.#range(at, old);
    const last = mapped.at(-1) as Mapped;
    const stays = (flags & 4) !== 0;
    this.#unmap(at, old);
    this.#unmap(result, pages);
    for (let i = 0; i < pages; i++) {
      const grown = { ...last, index: last.index + 1 + i - old, freed: false };
      delete grown.own;
      this.#pages.set(result + i, mapped[i] ?? grown);
    }
    if (!stays) return;
    mapped.forEach((p, i) => {
      const left = { ...p, freed: false };
      delete left.own;
      this.#pages.set(at + i, left);
    });
  }

  #madvise(at: number, pages: number, advice: number): void {
    const range = this.#range(at, pages).filter((p) => !p.shared);
    if (advice === ADVICE.dontneed) for (const p of range) delete p.own;
    else if (advice === ADVICE.free) for (const p of range) p.freed = p.own !== undefined;
    else if (advice === ADVICE.populate_write) {
      this.#each(at, pages, (page) => ({ ok: this.#touch(page) }));
    }
  }

  /** Cuts pages out of the file; `all`: out of private copies, too, as where the file ends before them. */
  #cut(from: number, to: number, all: boolean): void {
    for (const index of [...this.#file.words.keys()]) {
      if (index >= from && index < to) this.#file.words.delete(index);
    }
    if (!all) return;
    for (const p of [...this.#file.spaces].flatMap((o) => [...o.#pages.values()])) {
      if (p.file === this.#file && p.index >= from && p.index < to) delete p.own;
    }
  }

  /**
   * Does what an operation does.
   *
   * @param stored  the word it stores
   * @param result  what the kernel gave: believed of operations that change mappings, and so may be refused
   * @returns what an access gives, undefined of other operations
   */
  apply(op: ScriptOp, stored: number, result: number): Outcome | undefined {
    const [name, ...all] = op;
    const args = all.map((a) => (typeof a === 'number' ? a : 0));
    const [a = 0, n = 0] = args;
    const write = (page: number, way?: Way): Outcome => ({ ok: this.#write(page, stored, way) });
    switch (name) {
      case 'read':
      case 'copy_from_user':
      case 'vmsplice':
        return this.#read(a);
      case 'write':
      case 'copy_to_user':
        return n === ELSEWHERE ? { ok: this.#touch(a) } : write(a);
      case 'process_vm_readv':
        return this.#each(a, n, (page) => this.#read(page));
      case 'process_vm_writev':
        return this.#each(a, n, (page) => write(page));
      case 'proc_mem_read':
        return this.#each(a, n, (page) => this.#read(page, 'force'));
      case 'proc_mem_write':
        return this.#each(a, n, (page) => write(page, 'force'));
      default:
        this.#change(name, args, stored, result);
        return undefined;
    }
  }

  #change(name: string, args: Args, stored: number, result: number): void {
    const [a = 0, n = 0, c = 0, d = 0, , f = 0] = args;
    const file = this.#file;
    if (name === 'mprotect') {
      // It goes as far as the first hole.
      for (let page = a; page < a + n && this.#pages.has(page); page++) {
        (this.#pages.get(page) as Mapped).prot = c;
      }
    } else if (name === 'madvise') this.#madvise(a, n, c);
    if (result < 0) return;
    if (name === 'mmap') this.#mmap(a, n, c, d, f);
    else if (name === 'munmap') this.#unmap(a, n);
    else if (name === 'mremap') this.#mremap(a, n, c, d, result);
    else if (name === 'pwrite') {
      for (let i = 0; i < n; i++) file.words.set(c + i, stored);
      file.size = Math.max(file.size, c + n);
    } else if (name === 'punch_hole') this.#cut(c, c + n, false);
    else if (name === 'ftruncate') {
      if (n < file.size) this.#cut(n, Number.MAX_SAFE_INTEGER, true);
      file.size = n;
    }
  }
}
