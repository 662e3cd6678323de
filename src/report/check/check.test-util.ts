import type { Api, ApiCell } from '../../tree/index.ts';

/** An API in one configuration: real, if nothing else is said. */
export const cell = (over: Partial<ApiCell> = {}): ApiCell => ({
  state: 'real',
  body: 'code',
  stub: null,
  signature: null,
  changed: false,
  places: [{ line: 7, column: 3 }],
  breaks: false,
  reason: null,
  ...over,
});

/** A function in all configurations. */
export const api = (name: string, ...cells: ApiCell[]): Api => ({
  name,
  kind: 'function',
  file: 'include/x.h',
  line: 1,
  cells,
});
