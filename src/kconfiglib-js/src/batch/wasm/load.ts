/** The byte at a place. */
export function byte(at: usize): i32 {
  return load<u8>(at) as i32;
}

/** The number at a place. */
export function int(at: usize): i32 {
  return load<i32>(at);
}
