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

const WORDS = Buffer.from(PREFIX);

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
