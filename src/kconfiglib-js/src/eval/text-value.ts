import { ERA, type Era } from '../menu/era.ts';
import { TYPE } from '../menu/model.ts';

/** The text of an int, hex or string nothing gives a value to. */
export function emptyText(type: number, era: Era): string {
  if (era <= ERA.V6_7) return '';
  return type === TYPE.INT ? '0' : type === TYPE.HEX ? '0x0' : '';
}

/** A number as C prints it: decimal, or hexadecimal as 64 bits without a sign. */
export function numberText(value: bigint, base: 10 | 16): string {
  return base === 10 ? String(value) : `0x${BigInt.asUintN(64, value).toString(16)}`;
}

const DECIMAL = /^-?(?:0|[1-9][0-9]*)$/;
const HEX = /^(?:0[xX])?[0-9a-fA-F]+$/;

/** What `printf` of C makes of a text that is not there. */
export const NO_TEXT = '(null)';

/** May a symbol of this type have this text as its value. For bool and tristate the first letter decides. */
export function validText(type: number, text: string): boolean {
  switch (type) {
    case TYPE.STRING:
      return true;
    case TYPE.INT:
      return DECIMAL.test(text);
    case TYPE.HEX:
      return HEX.test(text);
    case TYPE.BOOL:
    case TYPE.TRISTATE:
      return /^[ymnYMN]/.test(text);
    default:
      return false;
  }
}

const MAX = 0x7fffffffffffffffn;
const MIN = -0x8000000000000000n;
const UMAX = 0xffffffffffffffffn;

/** The result of reading a number from the front of a text, as C's strtoll and strtoull do. */
interface Scan {
  value: bigint;
  /** Length of what was read; 0 if there was no number. */
  length: number;
}

/** Read an optional sign and digits of `base` (0: decided by a 0x or 0 prefix), after blanks. */
function scan(text: string, base: 0 | 10 | 16): Scan {
  const m = /^[ \t\n\v\f\r]*([+-]?)/.exec(text) as RegExpExecArray;
  let at = m[0].length;
  let radix = base;
  if (base !== 10 && /^0[xX][0-9a-fA-F]/.test(text.slice(at))) {
    radix = 16;
    at += 2;
  }
  const octal = base === 0 && radix === 0 && text[at] === '0';
  const class_ = radix === 16 ? /^[0-9a-fA-F]+/ : octal ? /^[0-7]+/ : /^[0-9]+/;
  const digits = class_.exec(text.slice(at))?.[0];
  if (digits === undefined) return { value: 0n, length: 0 };
  const magnitude = BigInt(radix === 16 ? `0x${digits}` : octal ? `0o${digits}` : digits);
  return { value: m[1] === '-' ? -magnitude : magnitude, length: at + digits.length };
}

/** The number at the front of the text, 0 if there is none, held within 64 bits. */
export function leadingNumber(text: string, base: 0 | 10 | 16): bigint {
  if (base === 10 && PLAIN.test(text)) return BigInt(Number(text));
  const { value } = scan(text, base);
  return value > MAX ? MAX : value < MIN ? MIN : value;
}

/** A value for a comparison: tristates count 0, 1, 2; what is no number compares as text. */
export interface Operand {
  text: string;
  kind: 'text' | 'signed' | 'unsigned';
  value: bigint;
}

/** Read the text of a symbol of this type for a comparison. */
export function operandOf(type: number, text: string): Operand {
  if (type === TYPE.BOOL || type === TYPE.TRISTATE) {
    return {
      text,
      kind: 'signed',
      value: text === 'n' ? 0n : text === 'm' ? 1n : text === 'y' ? 2n : -1n,
    };
  }
  const base = type === TYPE.INT ? 10 : type === TYPE.HEX ? 16 : 0;
  const { value, length } = scan(text, base);
  const unsigned = type === TYPE.HEX;
  const fits = unsigned ? value <= UMAX && value >= -UMAX : value <= MAX && value >= MIN;
  if (length === 0 || length !== text.length || !fits) return { text, kind: 'text', value: 0n };
  return {
    text,
    kind: unsigned ? 'unsigned' : 'signed',
    value: unsigned ? BigInt.asUintN(64, value) : value,
  };
}

/** Order two operands: below, equal or above zero. */
export function compareOperands(a: Operand, b: Operand): number {
  if (a.kind === 'text' || b.kind === 'text') return compareText(a.text, b.text);
  const unsigned = a.kind === 'unsigned' || b.kind === 'unsigned';
  const x = unsigned ? BigInt.asUintN(64, a.value) : a.value;
  const y = unsigned ? BigInt.asUintN(64, b.value) : b.value;
  return x < y ? -1 : x > y ? 1 : 0;
}

/** What every type but hex reads as this number, and what a double holds. */
const PLAIN = /^(?:0|[1-9][0-9]{0,14})$/;

/** Order the values of two symbols, given their types and texts: below, equal or above zero. */
export function compareValues(typeA: number, a: string, typeB: number, b: string): number {
  if (typeA === TYPE.STRING && typeB === TYPE.STRING) return compareText(a, b);
  const decimal = (type: number): boolean => type === TYPE.INT || type === TYPE.UNKNOWN;
  if (decimal(typeA) && decimal(typeB) && PLAIN.test(a) && PLAIN.test(b))
    return Number(a) - Number(b);
  return compareOperands(operandOf(typeA, a), operandOf(typeB, b));
}

/** Order texts by their characters. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
