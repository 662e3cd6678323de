import { byte } from './load';

/** Where a text begins in the memory, in the upper half, and where it ends, in the lower. */
export type Text = u64;

export function textFrom(start: usize, end: usize): Text {
  return ((start as u64) << 32) | (end as u64);
}

export function startOf(text: Text): usize {
  return (text >> 32) as usize;
}

export function endOf(text: Text): usize {
  return text as usize;
}

export function lengthOf(text: Text): usize {
  return endOf(text) - startOf(text);
}

/** Below, equal or above zero, by their bytes. */
export function compareTexts(a: Text, b: Text): i32 {
  const lengthA = lengthOf(a);
  const lengthB = lengthOf(b);
  const shared: usize = min(lengthA, lengthB);
  for (let i: usize = 0; i < shared; i++) {
    const order = (byte(startOf(a) + i) as i32) - (byte(startOf(b) + i) as i32);
    if (order !== 0) return order;
  }
  return lengthA === lengthB ? 0 : lengthA < lengthB ? -1 : 1;
}

/** Stand the same bytes at two places. */
export function sameBytes(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) !== load<u64>(b + i)) return false;
  if (i === length) return true;
  // What lies behind is there, and is shifted out.
  return (load<u64>(a + i) ^ load<u64>(b + i)) << ((8 - (length - i)) << 3) === 0;
}
