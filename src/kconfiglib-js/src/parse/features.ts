import { ERA, type Era } from '../menu/era.ts';

/**
 * The languages spoken: those of Linux 6.12, 6.18, 7.0, 7.1 and 7.3, and the superset, which is for the trees of other projects. The superset with
 * the values of an older `conf` goes by the last version of Linux that had it: 4.17, 5.6 and 6.7. QEMU's minikconf has the superset
 * without prompts.
 */
export const DIALECTS = [
  '6.12',
  '6.18',
  '7.0',
  '7.1',
  '7.3',
  'superset',
  '6.7',
  '5.6',
  '4.17',
  'minikconf',
] as const;

export type Dialect = (typeof DIALECTS)[number];

const ERAS: Partial<Record<Dialect, Era>> = {
  '6.7': ERA.V6_7,
  '5.6': ERA.V5_6,
  '4.17': ERA.V4_17,
};

/** The dialect with this name, if there is one. */
export function dialectOf(name: string | undefined): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect === name);
}

/** Does a dialect have the language of the superset. */
export function isSuperset(dialect: Dialect | undefined): boolean {
  if (dialect === 'superset' || dialect === 'minikconf') return true;
  return dialect !== undefined && ERAS[dialect] !== undefined;
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
  /** Nothing has a prompt, everything can be set, and what has no type is a bool; files in `source` lie beside the one that names them. */
  unprompted: boolean;
  /** A symbol with `option env` can have any value where its variable is not set. */
  openEnvironment: boolean;
  /** An entry that asks for the one before to be off ends the automatic submenu of that. */
  negationEndsSubmenu: boolean;
  /** A member of a choice has a prompt in one entry only, not in any entry of its choice. */
  membersPromptOnce: boolean;
  /** A file is read once, and naming it again an error. */
  includeOnce: boolean;
  /** Whose values are found. */
  era: Era;
}

/** Without a dialect: the language of 7.3 and everything 6.12 still accepted. */
export function featuresOf(dialect: Dialect | undefined, openEnvironment = false): Features {
  const superset = isSuperset(dialect);
  const strict = dialect !== undefined && !superset && dialect !== '6.12';
  return {
    transitional: dialect !== '6.12',
    dependsIf: dialect !== '6.12' && dialect !== '6.18',
    choiceBool: !strict,
    strict,
    superset,
    openEnvironment,
    unprompted: dialect === 'minikconf',
    membersPromptOnce: dialect === '7.1' || dialect === '7.3',
    includeOnce: dialect === '7.1' || dialect === '7.3',
    negationEndsSubmenu: dialect === undefined || dialect === '7.3',
    era: (dialect && ERAS[dialect]) ?? ERA.NOW,
  };
}
