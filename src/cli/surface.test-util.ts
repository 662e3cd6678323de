import type { Surface } from '../tree/index.ts';

/** A comparison that found nothing. */
export const NO_DIFFERENCE: Surface = {
  options: [],
  functions: [],
  structs: [],
  fields: [],
  macros: [],
  enumerators: [],
  variables: [],
  objects: [],
  moved: [],
  unparsed: [],
  unanswered: [],
};
