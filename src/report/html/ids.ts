/** What an id names; the first part of it, so that a link can be read. */
export type IdKind =
  | 'section'
  | 'part'
  | 'api'
  | 'name'
  | 'at'
  | 'cell'
  | 'site'
  | 'struct'
  | 'trace'
  | 'note'
  | 'plot';

/**
 * The ids of one page. The same thing always has the same id, two things never do; ids follow from
 * names alone, so that a link into a report still holds for the report of the next run.
 */
export class Ids {
  readonly #byKey = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** Id of a thing, for its `id` and for links to it. */
  of(kind: IdKind, ...names: readonly string[]): string {
    const key = JSON.stringify([kind, ...names]);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const base = [kind, ...names.map(slug)].join('-');
    let id = base;
    for (let n = 2; this.#taken.has(id); n++) id = `${base}-${n}`;
    this.#byKey.set(key, id);
    this.#taken.add(id);
    return id;
  }
}

/** Letters a link carries unchanged. */
function slug(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9_.]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 120) || 'x'
  );
}
