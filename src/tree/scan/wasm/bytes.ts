import { byte } from '../../wasm/bytes';
import { CLASSES } from '../hit-layout';

export function classOf(char: i32): i32 {
  return load<u8>((char as usize) + CLASSES) as i32;
}

/** The end of the bytes of a class that begin at a place. */
export function behind(from: usize, end: usize, kind: i32): usize {
  let at = from;
  while (at < end && (classOf(byte(at)) & kind) !== 0) at++;
  return at;
}

/** Are so many bytes the same in two places. */
export function same(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) !== load<u64>(b + i)) return false;
  for (; i < length; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return false;
  return true;
}

/** The next of a byte; `end` if there is none. */
export function nextOf(char: i32, from: usize, end: usize): usize {
  const wanted = i8x16.splat(char as i8);
  for (let at = from; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (found !== 0) return min(end, at + ctz(found));
  }
  return end;
}
