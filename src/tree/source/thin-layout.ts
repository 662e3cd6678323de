// Where things lie in the memory of wasm/index.ts, which reads this file, too.

/** Mentions of one file at most: a number for each in every table. */
export const SPOTS = 1 << 13;

/** Offsets of the mentions; afterwards those in what is left. */
export const OFFSETS = 1 << 10;
/** The line of each mention. */
export const LINES = OFFSETS + 4 * SPOTS;
/** Where what is kept around mentions begins and ends. */
export const KEPT_FROM = LINES + 4 * SPOTS;
export const KEPT_TO = KEPT_FROM + 4 * SPOTS;
/** How many braces are open before each conditional that is open. */
export const DEPTHS = KEPT_TO + 4 * SPOTS;
export const MAX_DEPTH = 1 << 10;
/** The file: at the begin of a page, where the kernel copies fast. */
export const FILE = 1 << 18;

/** Bytes behind a file that are looked at and may be anything. */
export const BEHIND = 64;
