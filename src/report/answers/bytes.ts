import type { Report, StructLayout } from '../model.ts';
import { grouped, listed, signed } from '../words.ts';
import type { Pair } from './pairs.ts';

/** Bytes of a page that slabs are cut from. */
const PAGE = 4096;

/** What there is one of for each mapping and each process. */
const COUNTED = ['vm_area_struct', 'mm_struct'] as const;

/** Objects of a slab cache in one page. */
function perPage({ size, slabObjectSize }: StructLayout): number {
  return Math.floor(PAGE / (slabObjectSize ?? size));
}

interface Change {
  readonly pair: Pair;
  readonly left: StructLayout;
  readonly right: StructLayout;
}

function changesOf({ surface }: Report, struct: string, pairs: readonly Pair[]): Change[] {
  const row = surface.structs.find(({ name }) => name === struct);
  return pairs.flatMap((pair) => {
    const left = row?.kernels[pair.without.kernel];
    const right = row?.kernels[pair.with.kernel];
    return left && right ? [{ pair, left, right }] : [];
  });
}

/** What the lock costs in bytes in each configuration, and how many objects are left in a page of a slab. */
export function byteSentences(report: Report, pairs: readonly Pair[]): string[] {
  return COUNTED.flatMap((struct) => {
    const changes = changesOf(report, struct, pairs);
    if (changes.length === 0) return [];
    const parts = changes.map(({ pair, left, right }) => {
      const [a, b] = [perPage(left), perPage(right)];
      const objects = a === b ? `${a} to a page as before` : `${a} to ${b} to a page`;
      const slab =
        left.slabObjectSize === null && right.slabObjectSize === null
          ? ''
          : `, its slab object ${grouped(left.slabObjectSize ?? left.size)} to ${grouped(right.slabObjectSize ?? right.size)}, ${objects}`;
      return `${pair.label} ${signed(right.size - left.size)} (${grouped(left.size)} to ${grouped(right.size)}${slab})`;
    });
    return [`Bytes of ${struct}: ${listed(parts)}.`];
  });
}

/** By how many bytes a structure could grow, or would have to shrink, for a page to hold another number of objects. */
export function byteThresholds(report: Report, pairs: readonly Pair[]): string[] {
  return changesOf(report, 'vm_area_struct', pairs).map(({ pair, left, right }) => {
    const object = right.slabObjectSize ?? right.size;
    const room = object - right.size;
    const before = perPage(left);
    const now = perPage(right);
    const before_object = left.slabObjectSize ?? left.size;
    return now === before
      ? `Memory, ${pair.label}: a page holds ${now} VMAs with the lock and without; that ends when vm_area_struct grows by more than ${room} bytes (${right.size} now, ${object} to a slab object).`
      : `Memory, ${pair.label}: a page holds ${now} VMAs in place of ${before}; it would hold as many as before if vm_area_struct were ${right.size - before_object} bytes smaller (${right.size} now, ${before_object} the slab object before).`;
  });
}
