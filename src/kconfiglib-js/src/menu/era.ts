/**
 * Rules for values that changed with time, by the last version of Linux that has the older ones. A tree is read in one
 * era; comparisons with `<=` ask for what held up to a version.
 */
export const ERA = {
  /** No macros; `# X is not set` is written wherever a default applies, also one that is n. */
  V4_17: 1,
  /**
   * A number held within a range is written anew, not copied from the bound. An implied y makes an m a y, an imply asks only that the dependencies are not n, and counts for nothing where they
   * are.
   */
  V5_6: 2,
  /**
   * A number without a value is an empty text, not 0; one read from a file that lies outside its range is forgotten.
   * Entries within an `if` give no type to the choice around, and get none from it.
   */
  V6_7: 3,
  NOW: 4,
} as const;

export type Era = (typeof ERA)[keyof typeof ERA];
