import { LINE_WORDS, type WordStruct } from './words.ts';

/** A run of words that holds one object, kept so that an address can be named in a trace. */
interface Region {
  readonly base: number;
  readonly end: number;
  readonly name: string;
  readonly struct: WordStruct;
  /** For a pool of equal objects: words per object. */
  readonly stride: number;
}

/**
 * Words from address 0 on that belong to no object, as the kernel maps no page there: an access to a field of
 * a NULL object hits them, as long as the object is not larger.
 */
export const NULL_WORDS = 16 * LINE_WORDS;

/**
 * Hands out words of the machine's memory while a kernel is being put together.
 *
 * The first {@link NULL_WORDS} are never handed out, so 0 can stand for NULL. Objects start on a cache line of their own, as
 * the kernel's slab caches with SLAB_HWCACHE_ALIGN do, so that two objects never share a line by accident.
 */
export class MemoryMap {
  #next = NULL_WORDS;
  readonly #regions: Region[] = [];

  /** Words handed out so far. */
  get size(): number {
    return this.#next;
  }

  /** Reserves one object. Returns its address. */
  object(struct: WordStruct, name: string): number {
    return this.pool(struct, 1, name);
  }

  /** Reserves `count` equal objects, each on its own lines. Returns the address of the first; see {@link stride}. */
  pool(struct: WordStruct, count: number, name: string): number {
    const stride = MemoryMap.stride(struct);
    const base = this.#next;
    this.#next += stride * count;
    this.#regions.push({ base, end: this.#next, name, struct, stride });
    return base;
  }

  /** Distance in words between neighbours of a pool of `struct`. */
  static stride(struct: WordStruct): number {
    return Math.ceil(Math.max(1, struct.size) / LINE_WORDS) * LINE_WORDS;
  }

  /** Name of the word at `address` for traces: `mm.mmap_lock.count`, `vma#2.vm_refcnt`, or `word 1234`. */
  nameOf(address: number): string {
    const region = this.#regions.find((r) => address >= r.base && address < r.end);
    if (region === undefined) return `word ${address}`;
    const index = Math.floor((address - region.base) / region.stride);
    const word = region.struct.words[(address - region.base) % region.stride] ?? '';
    const single = region.end - region.base === region.stride;
    const object = single ? region.name : `${region.name}#${index}`;
    return word === '' ? object : `${object}.${word}`;
  }
}
