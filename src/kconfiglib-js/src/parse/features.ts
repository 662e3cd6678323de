/**
 * The languages spoken: that of Linux 6.12, that of Linux 7.0, and the superset, which is for the trees of other
 * projects.
 */
export type Dialect = '6.12' | '7.0' | 'superset';

/** The dialect with this name, if there is one. */
export function dialectOf(name: string | undefined): Dialect | undefined {
  return name === '6.12' || name === '7.0' || name === 'superset' ? name : undefined;
}

/** Where the dialects differ. */
export interface Features {
  /** `transitional` is a keyword. */
  transitional: boolean;
  /** `depends on X if Y`. */
  dependsIf: boolean;
  /** `bool "text"` in a choice is its prompt. */
  choiceBool: boolean;
  /** A second or blank help text and a menuconfig without a prompt are errors, not warnings. */
  strict: boolean;
  /**
   * What older kernels, U-Boot, Buildroot, coreboot, RIOT and Zephyr have: optional, tristate and named choices,
   * `option`, relative and optional sources and patterns, `configdefault`, and more kinds of entries in a choice.
   */
  superset: boolean;
}

/** Without a dialect: the language of 7.0 and everything 6.12 still accepted. */
export function featuresOf(dialect: Dialect | undefined): Features {
  const old = dialect === '6.12';
  return {
    transitional: !old,
    dependsIf: !old,
    choiceBool: dialect !== '7.0',
    strict: dialect === '7.0',
    superset: dialect === 'superset',
  };
}
