import type { CType, Takes } from '../types.ts';

/** A value that is put somewhere. */
export interface Given {
  readonly type: CType | undefined;
  /** Where it begins. */
  readonly at: number;
  /** Where the name stands that the value is all of: of a function that is called, of a member, of a variable at file scope. */
  readonly name: number | undefined;
  /** It is what a function gives that is called. */
  readonly called: boolean;
}

/** What code outside of functions declares, and who is told what is met. Positions are those of tokens in the unit. */
export interface Around {
  readonly isTypedef: (name: string) => boolean;
  /** Is a name a function, a variable or a constant. */
  readonly isValue: (name: string) => boolean;
  /** The type of a function or variable. */
  readonly value: (name: string) => CType | undefined;
  /** A type with its typedefs looked through. */
  readonly plain: (type: CType) => CType;
  /** The type of a member that is met; undefined if it is not told, or there is none. */
  readonly member: (at: number, of: CType | undefined, field: string) => CType | undefined;
  /** Names of the members of a struct in their order. */
  readonly fields: (of: CType) => readonly (string | undefined)[] | undefined;
  /** A type that has to be known whole. */
  readonly whole: (at: number, type: CType) => void;
  /** A name stands for a type, and nobody declared it. */
  readonly unknownType: (at: number, name: string) => void;
  /** A name stands for a value, and nobody declared it. */
  readonly unknownValue: (at: number, name: string) => void;
  /** What is at a position is called: a function by its name, or a member that points to one. */
  readonly called: (at: number, takes: Takes, given: readonly Given[]) => void;
  /** A value is put where one of a type is wanted: into a member that stands at a position, if it is one. */
  readonly given: (value: Given, wanted: CType, to: number | undefined) => void;
}
