import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from './in-order.ts';
import { sortByBytes } from './list-files.ts';

const name = fc.oneof(
  fc.constantFrom('a', 'a.c', 'ab', 'é', '\u{1f600}', '\uff01', 'a\u{1f600}', 'a\uff01'),
  fc.stringMatching(/^[a-c.-]{1,3}$/),
);
const files = fc.array(
  fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
);

/** What a thread that met these folders, one after the other, has of them. */
function part(folders: ReadonlyMap<string, readonly string[]>) {
  const names: string[] = [];
  const first: number[] = [];
  for (const own of folders.values()) {
    first.push(names.length);
    names.push(...sortByBytes(own));
  }
  let end = -1;
  const ends = Uint32Array.from(names, (one) => (end += one.length + 1));
  return {
    files: names.join('\0'),
    ends,
    folders: [...folders.keys()],
    first: Uint32Array.from([...first, names.length]),
  };
}

test('files of several threads come in the order of their bytes, each with its rows', () => {
  fc.assert(
    fc.property(files, fc.infiniteStream(fc.nat(2)), (all, owners) => {
      const paths = [...new Set(all)];
      const own = [new Map(), new Map(), new Map()] as Map<string, string[]>[];
      const ownerOf = new Map<string, number>();
      for (const path of paths) {
        const slash = path.lastIndexOf('/');
        const folder = path.slice(0, Math.max(0, slash));
        if (!ownerOf.has(folder)) ownerOf.set(folder, owners.next().value as number);
        const folders = own[ownerOf.get(folder) as number] as Map<string, string[]>;
        folders.set(folder, [...(folders.get(folder) ?? []), path.slice(slash + 1)]);
      }
      const parts = own.map(part);
      const { paths: list, runs } = inOrder(parts);
      const sorted = sortByBytes(paths);
      expect(list.all).toEqual(sorted);
      const rows: string[] = [];
      for (let at = 0; at < runs.length; at += 3) {
        const names = parts[runs[at] as number]!.files.split('\0');
        rows.push(...names.slice(runs[at + 1], runs[at + 2]));
      }
      expect(rows).toEqual(sorted.map((path) => path.slice(path.lastIndexOf('/') + 1)));
    }),
  );
});
