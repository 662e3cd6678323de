/** Kind of an operation's parameter, as the workload language reads it. */
export type ParamKind =
  | 'address' // a page number: a variable, optionally plus an offset
  | 'pages' // a number of pages, at least 1
  | 'prot' // none, r, w, x in any combination
  | 'map_flags' // list of MAP_FLAGS
  | 'advice' // one of ADVICE
  | 'choice' // one of the names the parameter lists
  | 'names' // some of the names the parameter lists, or none: their bits together
  | 'file' // what memfd_create, creat or shmget gave: a variable
  | 'program' // one of the workload's programs, by number
  | 'mapping' // where something was mapped as a whole: a variable
  | 'integer';

export interface ParamSpec {
  readonly name: string;
  readonly kind: ParamKind;
  /** Value when the workload leaves it out; a parameter without one is required. */
  readonly default?: number;
  /** For `names`: the bit of each; for `choice`: the value. */
  readonly names?: Readonly<Record<string, number>>;
}

export interface OpSpec {
  /** One line for help and errors. */
  readonly does: string;
  readonly params: readonly ParamSpec[];
  /** Whether the result is an address, or a file, the workload may keep in a variable. */
  readonly returns: boolean | 'file';
}

/** Parameters most operations have. */
export const address: ParamSpec = { name: 'at', kind: 'address' };
export const pages: ParamSpec = { name: 'pages', kind: 'pages' };
