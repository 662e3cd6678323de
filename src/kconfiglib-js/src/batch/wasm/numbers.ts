// Kinds and types as the engine numbers them: expr/store.ts, menu/model.ts, eval/program.ts, eval/listing.ts. A test compares.
export const OR = 1;
export const AND = 2;
export const NOT = 3;
export const EQUAL = 4;
export const UNEQUAL = 5;
export const LESS = 6;
export const LESS_EQUAL = 7;
export const GREATER = 8;
export const SYMBOL = 10;

export const NO = 0;
export const MOD = 1;
export const YES = 2;

export const UNKNOWN = 0;
export const BOOL = 1;
export const TRISTATE = 2;
export const INT = 3;
export const HEX = 4;
export const STRING = 5;

export const IN_CHOICE = 1;
export const CHOICE = 2;
export const TRANSITIONAL = 4;
export const CONSTANT = 8;

export const STEP_SYMBOL = 0;
export const STEP_END = 2;
