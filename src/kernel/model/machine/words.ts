/**
 * Word layout of model objects.
 *
 * The model keeps every shared object as consecutive 32-bit words of one flat memory. This layout is
 * the model's own: it says which word holds which field and which fields share a cache line. What the
 * C compiler would make of the same structure (bytes, padding) is computed apart, in `../layout`.
 */

/** Words in a cache line of the model: a line of the executors is `address >> LINE_SHIFT`. */
export const LINE_SHIFT = 4;
export const LINE_WORDS = 1 << LINE_SHIFT;

/** A named structure: `at.field` is the word offset of a field from the start of the object. */
export interface WordStruct<F extends string = string> {
  readonly name: string;
  /** Words one object takes, rounded up to whole cache lines when the structure asks for lines. */
  readonly size: number;
  readonly at: Readonly<Record<F, number>>;
  /** Name of each word, embedded structures spelt `outer.inner`. Unused words are ''. */
  readonly words: readonly string[];
}

/** A field is one word, an array of words, or an embedded structure. `line` starts a new cache line first. */
export type FieldSpec =
  | 1
  | { readonly array: number }
  | WordStruct
  | { readonly line: 1 | { readonly array: number } | WordStruct };

/**
 * Lays out a structure in the order its fields are written.
 *
 * @param name  the kernel's name of the structure
 * @param spec  field name to what it holds; `{line: …}` moves a field to the next cache line
 */
export function wordStruct<F extends string>(
  name: string,
  spec: Readonly<Record<F, FieldSpec>>,
): WordStruct<F> {
  const at = {} as Record<F, number>;
  const words: string[] = [];
  let lined = false;
  const pad = () => {
    while (words.length % LINE_WORDS !== 0) words.push('');
  };
  for (const field of Object.keys(spec) as F[]) {
    let held: FieldSpec = spec[field];
    if (typeof held === 'object' && 'line' in held) {
      lined = true;
      pad();
      held = held.line;
    }
    at[field] = words.length;
    if (held === 1) words.push(field);
    else if ('array' in held) {
      for (let i = 0; i < held.array; i++) words.push(`${field}[${i}]`);
    } else {
      for (const inner of held.words) words.push(inner === '' ? '' : `${field}.${inner}`);
    }
  }
  if (lined) pad();
  return { name, size: words.length, at, words };
}
