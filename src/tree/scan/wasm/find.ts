import { PREFIX_BYTES } from '../hit-layout';

export const PREFIX_LENGTH = 7;
/** Places in the prefix of an F and a G, and of the last four bytes. */
const F = 3;
const G = 5;
const END = 3;

/** Which of the 16 places from one on have an F and a G where the prefix has them. */
function candidates(at: usize, fs: v128, gs: v128): v128 {
  return v128.and(i8x16.eq(v128.load(at, F), fs), i8x16.eq(v128.load(at, G), gs));
}

/**
 * Where the next prefix begins that lies between two places whole; 0 if none does. 32 places at once: F and G two places
 * behind it are rare next to each other in sources, so hardly any place needs a second look. What is looked for comes from
 * memory: V8 makes a constant vector anew each time around.
 */
export function find(from: usize, to: usize): usize {
  const fs = v128.load8_splat(PREFIX_BYTES, F);
  const gs = v128.load8_splat(PREFIX_BYTES, G);
  for (let at = from; at < to; at += 32) {
    const low = candidates(at, fs, gs);
    const high = candidates(at + 16, fs, gs);
    if (!v128.any_true(v128.or(low, high))) continue;
    let mask = i8x16.bitmask(low) | (i8x16.bitmask(high) << 16);
    while (mask !== 0) {
      const found = at + ctz(mask);
      if (isPrefix(found)) return found + PREFIX_LENGTH > to ? 0 : found;
      mask &= mask - 1;
    }
  }
  return 0;
}

function isPrefix(at: usize): bool {
  return (
    load<u32>(at) === load<u32>(PREFIX_BYTES) && load<u32>(at, END) === load<u32>(PREFIX_BYTES, END)
  );
}
