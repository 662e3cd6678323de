/** Character codes and classes the lexer and the preprocessor share. */
export const C = {
  TAB: 9,
  NL: 10,
  CR: 13,
  SPACE: 32,
  BANG: 33,
  DQUOTE: 34,
  HASH: 35,
  DOLLAR: 36,
  AMP: 38,
  SQUOTE: 39,
  OPEN: 40,
  CLOSE: 41,
  PLUS: 43,
  COMMA: 44,
  MINUS: 45,
  DOT: 46,
  SLASH: 47,
  COLON: 58,
  LT: 60,
  EQ: 61,
  GT: 62,
  BACKSLASH: 92,
  PIPE: 124,
} as const;

/** 1 for the bytes names and keywords are made of. */
export const WORD = new Uint8Array(256);
for (const range of ['AZ', 'az', '09', '__', '--']) {
  for (let c = range.charCodeAt(0); c <= range.charCodeAt(1); c++) WORD[c] = 1;
}

/** The same with what bare file names have beyond names. */
export const PATH: Uint8Array = WORD.slice();
PATH[C.DOT] = PATH[C.SLASH] = 1;

/** Letters, digits, `_` and `-`: what names and keywords are made of. */
export function isWordChar(code: number): boolean {
  return code < 128 && WORD[code] === 1;
}

/** What a bare file name has beyond names. */
export function isPathChar(code: number): boolean {
  return code === C.DOT || code === C.SLASH;
}

/** A blank inside a line. */
export function isBlank(code: number): boolean {
  return code === C.SPACE || code === C.TAB;
}

/** White space as C's isspace has it: blanks, newlines, and the three control characters in between. */
export function isSpace(code: number): boolean {
  return code === C.SPACE || (code >= C.TAB && code <= C.CR);
}
