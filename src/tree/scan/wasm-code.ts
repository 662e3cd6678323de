/** Numbers of WebAssembly's binary format that are used here (WebAssembly Core Specification 2.0, 5 and its index). */
export const OP = {
  BLOCK: 0x02,
  LOOP: 0x03,
  IF: 0x04,
  END: 0x0b,
  BR: 0x0c,
  BR_IF: 0x0d,
  RETURN: 0x0f,
  LOCAL_GET: 0x20,
  LOCAL_SET: 0x21,
  LOCAL_TEE: 0x22,
  I32_LOAD: 0x28,
  I32_CONST: 0x41,
  I32_EQ: 0x46,
  I32_GE_U: 0x4f,
  I32_GT_U: 0x4b,
  I32_CTZ: 0x68,
  I32_ADD: 0x6a,
  I32_SUB: 0x6b,
  I32_AND: 0x71,
  I32_OR: 0x72,
  I32_SHL: 0x74,
} as const;

/** The same behind the prefix for vectors. */
export const VECTOR = {
  LOAD: 0x00,
  I8X16_SPLAT: 0x0f,
  I8X16_EQ: 0x23,
  AND: 0x4e,
  OR: 0x50,
  ANY_TRUE: 0x53,
  I8X16_BITMASK: 0x64,
} as const;

export const TYPE = { I32: 0x7f, V128: 0x7b, NONE: 0x40 } as const;

const VECTOR_PREFIX = 0xfd;

/** A number of seven bits in each byte, low ones first. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; ) {
    const low = left & 0x7f;
    left >>>= 7;
    if (left === 0) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

/** The same with a sign. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; ) {
    const low = left & 0x7f;
    left >>= 7;
    if ((left === 0 && low < 0x40) || (left === -1 && low >= 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

export const constant = (value: number): number[] => [OP.I32_CONST, ...signed(value)];
export const get = (local: number): number[] => [OP.LOCAL_GET, ...unsigned(local)];
export const set = (local: number): number[] => [OP.LOCAL_SET, ...unsigned(local)];
export const tee = (local: number): number[] => [OP.LOCAL_TEE, ...unsigned(local)];
export const vector = (op: number): number[] => [VECTOR_PREFIX, ...unsigned(op)];
/** Load from the address on the stack and `offset` bytes more, which need not be aligned. */
export const load = (offset: number): number[] => [OP.I32_LOAD, 0, ...unsigned(offset)];
export const loadVector = (offset: number): number[] => [
  ...vector(VECTOR.LOAD),
  0,
  ...unsigned(offset),
];

/** One function and the memory it works on. */
export interface OneFunction {
  /** How many numbers it takes; it gives one. */
  readonly parameters: number;
  /** Types of its other locals. */
  readonly locals: readonly number[];
  readonly body: readonly number[];
}

/** A module that takes `env.memory` of so many pages, and gives the function as `run`. */
export function moduleOf({ parameters, locals, body }: OneFunction, pages: number): Uint8Array {
  const type = [0x60, ...list(new Array(parameters).fill([TYPE.I32])), 1, TYPE.I32];
  const memory = [
    ...name('env'),
    ...name('memory'),
    0x02,
    0x01,
    ...unsigned(pages),
    ...unsigned(pages),
  ];
  const code = [...list(locals.map((one) => [1, one])), ...body, OP.END];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [type]),
    ...section(2, [memory]),
    ...section(3, [[0]]),
    ...section(7, [[...name('run'), 0x00, 0]]),
    ...section(10, [[...unsigned(code.length), ...code]]),
  ]);
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = list(entries);
  return [id, ...unsigned(content.length), ...content];
}

function list(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

function name(text: string): number[] {
  return [...unsigned(text.length), ...Buffer.from(text)];
}
