// What is done in JavaScript: parse/compiled.ts.

/**
 * The next token from a place of the file on, where macros or escapes are, after these two tokens. `resume` says where it
 * ends, and `setValue` what its value is.
 */
export declare function scan(pos: i32, line: i32, lineStart: i32, last: i32, before: i32): i32;

/** Do the assignment that begins at a place of the file, after this token. `resume` says where it ends. */
export declare function assign(pos: i32, line: i32, lineStart: i32, last: i32): void;

/** Enter the file of this name, by `enter`. */
export declare function source(start: usize, end: usize): void;

/** The file that was entered last is at its end. */
export declare function leave(): void;

/** The number of the file being read, for its first entry. */
export declare function fileNumber(): i32;
