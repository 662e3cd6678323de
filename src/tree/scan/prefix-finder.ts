import {
  constant,
  get,
  load,
  loadVector,
  moduleOf,
  type OneFunction,
  OP,
  set,
  TYPE,
  tee,
  VECTOR,
  vector,
} from './wasm-code.ts';

/** What stands before the name of an option. */
export const PREFIX = 'CONFIG_';

/** Finds prefixes in bytes that are its own: files are read into them. */
export interface PrefixFinder {
  /** `SLACK` bytes longer than what may be searched. */
  readonly bytes: Buffer;
  /** Where the next prefix begins that lies between two places whole; -1 if none does. */
  find(from: number, to: number): number;
}

/** Bytes behind those that are searched which a finder looks at or writes. */
export const SLACK = 64;

/** The one there is the most of, and by how much of what is between. */
const [F, G] = [3, 5].map((at) => PREFIX.charCodeAt(at)) as [number, number];
const WORDS = Buffer.from(PREFIX);

const AT = 0;
const TO = 1;
const MASK = 2;
const FOUND = 3;
const FS = 4;
const GS = 5;
const LOW = 6;
const HIGH = 7;

/** Which of the 16 places from `offset` on have an F and a G where the prefix has them. */
const candidates = (offset: number): number[] => [
  ...[...get(AT), ...loadVector(offset + 3), ...get(FS), ...vector(VECTOR.I8X16_EQ)],
  ...[...get(AT), ...loadVector(offset + 5), ...get(GS), ...vector(VECTOR.I8X16_EQ)],
  ...vector(VECTOR.AND),
];

const giveUp = [...constant(-1), OP.RETURN];

/**
 * 32 places at once: F and G two places behind it are rare next to each other in sources, so hardly any place needs a
 * second look.
 */
const FIND: OneFunction = {
  parameters: 2,
  locals: [TYPE.I32, TYPE.I32, TYPE.V128, TYPE.V128, TYPE.V128, TYPE.V128],
  body: [
    ...[...constant(F), ...vector(VECTOR.I8X16_SPLAT), ...set(FS)],
    ...[...constant(G), ...vector(VECTOR.I8X16_SPLAT), ...set(GS)],
    ...[OP.LOOP, TYPE.NONE],
    ...[...get(AT), ...get(TO), OP.I32_GE_U, OP.IF, TYPE.NONE, ...giveUp, OP.END],
    ...[...candidates(0), ...set(LOW), ...candidates(16), ...set(HIGH)],
    ...[...get(LOW), ...get(HIGH), ...vector(VECTOR.OR), ...vector(VECTOR.ANY_TRUE)],
    ...[OP.IF, TYPE.NONE],
    ...[...get(LOW), ...vector(VECTOR.I8X16_BITMASK)],
    ...[...get(HIGH), ...vector(VECTOR.I8X16_BITMASK), ...constant(16), OP.I32_SHL],
    ...[OP.I32_OR, ...set(MASK)],
    ...[OP.LOOP, TYPE.NONE],
    ...[...get(AT), ...get(MASK), OP.I32_CTZ, OP.I32_ADD, ...set(FOUND)],
    ...[...get(FOUND), ...load(0), ...constant(WORDS.readInt32LE(0)), OP.I32_EQ],
    ...[...get(FOUND), ...load(3), ...constant(WORDS.readInt32LE(3)), OP.I32_EQ],
    ...[OP.I32_AND, OP.IF, TYPE.NONE],
    ...[...get(FOUND), ...constant(PREFIX.length), OP.I32_ADD, ...get(TO), OP.I32_GT_U],
    ...[OP.IF, TYPE.NONE, ...giveUp, OP.END, ...get(FOUND), OP.RETURN, OP.END],
    // Without its lowest bit.
    ...[...get(MASK), ...get(MASK), ...constant(1), OP.I32_SUB, OP.I32_AND, ...tee(MASK)],
    ...[OP.BR_IF, 0, OP.END],
    OP.END,
    ...[...get(AT), ...constant(32), OP.I32_ADD, ...set(AT), OP.BR, 0],
    OP.END,
    ...giveUp,
  ],
};

const PAGE = 1 << 16;

/** What is used of it here: the types of Node leave it to those of browsers. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => { buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: object } },
  ) => { exports: { readonly run: PrefixFinder['find'] } };
};

/** A finder for this many bytes by instructions for vectors; throws where there are none, or no room. */
export function vectorFinder(size: number): PrefixFinder {
  const pages = Math.ceil((size + SLACK) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const module = new WebAssembly.Module(moduleOf(FIND, pages));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { bytes: Buffer.from(memory.buffer), find: exports.run };
}

/** The end of the prefix is looked for: it begins with a letter that is rarer in sources than C. */
const RARE = PREFIX.slice(3);
const BEFORE = PREFIX.length - RARE.length;

/** The same by what every Node has, in bytes somebody else may have filled: `SLACK` bytes behind a text are written to. */
export function plainFinder(bytes: Buffer): PrefixFinder {
  const [C, O, N] = WORDS as unknown as [number, number, number];
  return {
    bytes,
    find(from, to) {
      // The search stops there by itself.
      bytes.write(RARE, to, 'latin1');
      for (let rare = from + BEFORE; ; rare++) {
        rare = bytes.indexOf(RARE, rare, 'latin1');
        if (rare < 0 || rare + RARE.length > to) return -1;
        const at = rare - BEFORE;
        if (bytes[at] === C && bytes[at + 1] === O && bytes[at + 2] === N) return at;
      }
    },
  };
}

/** The quickest finder there is for this many bytes. */
export function prefixFinder(size: number): PrefixFinder {
  try {
    return vectorFinder(size);
  } catch {
    return plainFinder(Buffer.allocUnsafeSlow(size + SLACK));
  }
}
