import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byBytes, sortByBytes } from './list-files.ts';
import { PathList } from './path-list.ts';

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'a.c',
    'ab',
    'b',
    'Makefile',
    'Makefile.am',
    'xMakefile',
    'Kbuild',
    'é',
    '\u{1f600}',
    '\uff01',
  ),
  fc.stringMatching(/^[a-c.-]{1,3}$/),
);
const paths = fc.array(
  fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
);

test('a list of paths has those it is made of, where they stand', () => {
  fc.assert(
    fc.property(paths, name, (all, other) => {
      const sorted = sortByBytes([...new Set(all)]);
      const list = PathList.of(sorted);
      expect(list).toHaveLength(sorted.length);
      expect(sorted.map((_, at) => list.at(at))).toEqual(sorted);
      expect(list.all).toEqual(sorted);
      for (const path of [...sorted, other, `${other}/a`]) {
        expect(list.placeOf(path)).toBe(sorted.indexOf(path));
      }
      const named = (path: string): boolean => path === other || path.endsWith(`/${other}`);
      expect(list.named(other).map((at) => sorted[at])).toEqual(sorted.filter(named));
      expect(list.isSame(PathList.of([...sorted].sort(byBytes)))).toBe(true);
      expect(list.isSame(PathList.of(sortByBytes([...new Set([...sorted, `${other}/z/z`])])))).toBe(
        sorted.includes(`${other}/z/z`),
      );
    }),
  );
});
