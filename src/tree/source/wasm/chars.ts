import { BLANK, TAB } from '../../wasm/bytes';

export function isBlank(char: i32): bool {
  return char === BLANK || char === TAB;
}

export function isWord(char: i32): bool {
  const letter = char | 32;
  return (letter >= 97 && letter <= 122) || (char >= 48 && char <= 57) || char === 95;
}
