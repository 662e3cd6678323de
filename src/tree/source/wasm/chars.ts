export const TAB = 9;
export const NEWLINE = 10;
export const RETURN = 13;
export const BLANK = 32;
export const QUOTE = 34;
export const HASH = 35;
export const APOSTROPHE = 39;
export const LEFT = 40;
export const RIGHT = 41;
export const STAR = 42;
export const SLASH = 47;
export const SEMICOLON = 59;
export const EQUALS = 61;
export const BACKSLASH = 92;
export const OPEN = 123;
export const CLOSE = 125;

export function byte(at: usize): i32 {
  return load<u8>(at) as i32;
}

export function isBlank(char: i32): bool {
  return char === BLANK || char === TAB;
}

export function isWord(char: i32): bool {
  const letter = char | 32;
  return (letter >= 97 && letter <= 122) || (char >= 48 && char <= 57) || char === 95;
}
