/** `CONFIG_`: its first four bytes, and its last four. */
const BEGIN: u32 = 0x464e4f43;
const END: u32 = 0x5f474946;
export const PREFIX_LENGTH = 7;
const F: i8 = 0x46;
const G: i8 = 0x47;

/** Which of the 16 places from one on have an F and a G where the prefix has them. */
function candidates(at: usize): v128 {
  const fs = i8x16.eq(v128.load(at, 3), i8x16.splat(F));
  return v128.and(fs, i8x16.eq(v128.load(at, 5), i8x16.splat(G)));
}

/**
 * Where the next prefix begins that lies between two places whole; 0 if none does. 32 places at once: F and G two places
 * behind it are rare next to each other in sources, so hardly any place needs a second look.
 */
export function find(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 32) {
    const low = candidates(at);
    const high = candidates(at + 16);
    if (!v128.any_true(v128.or(low, high))) continue;
    let mask = i8x16.bitmask(low) | (i8x16.bitmask(high) << 16);
    while (mask !== 0) {
      const found = at + ctz(mask);
      if (load<u32>(found) === BEGIN && load<u32>(found, 3) === END) {
        return found + PREFIX_LENGTH > to ? 0 : found;
      }
      mask &= mask - 1;
    }
  }
  return 0;
}
