/** A number of the preprocessor: 64 bits, with or without a sign (C11 6.10.1). */
export interface Num {
  readonly value: bigint;
  readonly unsigned: boolean;
}

/** A number that fits. */
export function num(value: bigint, unsigned = false): Num {
  return { value: unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value), unsigned };
}

/** The number a literal stands for; undefined for floats and what is no number. */
export function literal(text: string): Num | undefined {
  if (text.startsWith("'")) return character(text);
  const found = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)([uUlL]*)$/.exec(text);
  if (!found) return undefined;
  const digits = found[1] as string;
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return num(value, /[uU]/.test(found[2] as string) || value >= 1n << 63n);
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  '0': 0,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
};

function character(text: string): Num | undefined {
  const found = /^'(?:\\x([0-9a-fA-F]+)|\\([0-7]{1,3})|\\(.)|(.))'$/s.exec(text);
  if (!found) return undefined;
  const [, hex, octal, escaped, plain] = found;
  if (hex !== undefined) return num(BigInt(`0x${hex}`));
  if (octal !== undefined) return num(BigInt(`0o${octal}`));
  const letter = (escaped ?? plain) as string;
  return num(
    BigInt((escaped !== undefined ? ESCAPES[escaped] : undefined) ?? letter.charCodeAt(0)),
  );
}

/** Both numbers as one operator sees them; undefined where C leaves it open (division by nothing). */
export function apply(a: Num, sign: string, b: Num): Num | undefined {
  const unsigned = a.unsigned || b.unsigned;
  const [x, y] = [num(a.value, unsigned).value, num(b.value, unsigned).value];
  const truth = (holds: boolean): Num => num(holds ? 1n : 0n);
  switch (sign) {
    case '||':
      return truth(x !== 0n || y !== 0n);
    case '&&':
      return truth(x !== 0n && y !== 0n);
    case '==':
      return truth(x === y);
    case '!=':
      return truth(x !== y);
    case '<':
      return truth(x < y);
    case '>':
      return truth(x > y);
    case '<=':
      return truth(x <= y);
    case '>=':
      return truth(x >= y);
    case '<<':
      return b.value >= 0n && b.value < 64n ? num(a.value << b.value, a.unsigned) : undefined;
    case '>>':
      return b.value >= 0n && b.value < 64n ? num(a.value >> b.value, a.unsigned) : undefined;
    case '/':
    case '%':
      if (y === 0n) return undefined;
      return num(sign === '/' ? x / y : x % y, unsigned);
    case '+':
      return num(x + y, unsigned);
    case '-':
      return num(x - y, unsigned);
    case '*':
      return num(x * y, unsigned);
    case '|':
      return num(x | y, unsigned);
    case '^':
      return num(x ^ y, unsigned);
    case '&':
      return num(x & y, unsigned);
    default:
      return undefined;
  }
}

/** What a sign before a number makes of it. */
export function applyUnary(sign: string, a: Num): Num | undefined {
  switch (sign) {
    case '!':
      return num(a.value === 0n ? 1n : 0n);
    case '-':
      return num(-a.value, a.unsigned);
    case '~':
      return num(~a.value, a.unsigned);
    case '+':
      return a;
    default:
      return undefined;
  }
}
