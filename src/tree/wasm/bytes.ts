/** Names of characters, for modules in AssemblyScript. */
export const TAB = 9;
export const NEWLINE = 10;
export const RETURN = 13;
export const BLANK = 32;
export const QUOTE = 34;
export const HASH = 35;
export const DOLLAR = 36;
export const APOSTROPHE = 39;
export const LEFT = 40;
export const RIGHT = 41;
export const STAR = 42;
export const SLASH = 47;
export const ZERO = 48;
export const NINE = 57;
export const SEMICOLON = 59;
export const EQUALS = 61;
export const D = 68;
export const BACKSLASH = 92;
export const UNDERSCORE = 95;
export const OPEN = 123;
export const CLOSE = 125;

export function byte(at: usize): i32 {
  return load<u8>(at) as i32;
}
