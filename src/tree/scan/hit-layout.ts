// Where things lie in the memory of wasm/index.ts, which reads this file, too, and numbers both have.

/** Numbers that tell where the tables are: how many mentions and names there are, and where each column begins. */
export const HEAD = 1 << 10;
export const ROWS = 0;
export const NAMES = 1;
export const NAME_COLUMN = 2;
export const OFFSET_COLUMN = 3;
export const KIND_COLUMN = 4;
export const POOL = 5;
export const ENDS_COLUMN = 6;
export const HEAD_INTS = 7;

/** What stands before the name of an option. */
export const PREFIX_BYTES = HEAD + 64;

/** What each byte may be part of, by bits: of a name (and whether it is one of those that make it an option's), … */
export const CLASSES = 1 << 11;
export const OF_NAME = 1;
export const LOUD = 2;
/** … of the first word of a line of Kconfig, of the name of an option there, and of a word of an expression. */
export const OF_FIRST = 4;
export const OF_WORD = 8;

/** The number of the first statement of Kconfig whose word has a shape, from 1 on; 0 for none. */
export const SHAPES = CLASSES + 256;
/** The statements, those of one shape behind each other: lengths of the first word and the second, kind, and the words. */
export const STATEMENTS = SHAPES + 512;
export const SECOND_LENGTH = 1;
export const STATEMENT_KIND = 2;
export const FIRST_WORD = 4;
export const SECOND_WORD = 20;
export const STATEMENT_BYTES = 24;

/** Kinds of statements. */
export const CONFIG = 0;
export const HELP = 1;
export const EXPRESSION = 2;
export const PROMPT = 3;

/** Where the first room for files lies, at the begin of a page, and how long it is; tables and larger rooms come behind. */
export const FIRST_ROOM = 1 << 12;
export const FIRST_ROOM_BYTES = (1 << 17) - FIRST_ROOM;
export const TABLES = 1 << 17;

/** Kinds of mentions, of `HIT`. */
export const IN_SOURCE = 0;
export const DEFINED = 1;
export const IN_KCONFIG = 2;
