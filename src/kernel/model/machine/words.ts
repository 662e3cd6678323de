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

/** One word, an array of words, or an embedded structure. */
type Held = 1 | { readonly array: number } | WordStruct;

/** What a field holds. `line` starts a new cache line first. */
export type FieldSpec = Held | { readonly line: Held };

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
  let size = 0;
  let lined = false;
  const line = () => Math.ceil(size / LINE_WORDS) * LINE_WORDS;
  for (const field of Object.keys(spec) as F[]) {
    const given: FieldSpec = spec[field];
    if (typeof given === 'object' && 'line' in given) {
      lined = true;
      size = line();
    }
    at[field] = size;
    size += sizeOf(heldBy(given));
  }
  if (lined) size = line();
  let words: readonly string[] | undefined;
  return {
    name,
    size,
    at,
    // Objects are as large as the machine, and their words are named only in traces.
    get words() {
      words ??= wordNames(spec, at, size);
      return words;
    },
  };
}

/** What a field holds, wherever it starts. */
function heldBy(given: FieldSpec): Held {
  return typeof given === 'object' && 'line' in given ? given.line : given;
}

function sizeOf(held: Held): number {
  if (held === 1) return 1;
  return 'array' in held ? held.array : held.size;
}

function wordNames<F extends string>(
  spec: Readonly<Record<F, FieldSpec>>,
  at: Readonly<Record<F, number>>,
  size: number,
): string[] {
  const words = new Array<string>(size).fill('');
  for (const field of Object.keys(spec) as F[]) {
    const held = heldBy(spec[field]);
    for (let i = 0; i < sizeOf(held); i++) words[at[field] + i] = wordName(field, held, i);
  }
  return words;
}

function wordName(field: string, held: Held, i: number): string {
  if (held === 1) return field;
  if ('array' in held) return `${field}[${i}]`;
  const inner = held.words[i] as string;
  return inner === '' ? '' : `${field}.${inner}`;
}
