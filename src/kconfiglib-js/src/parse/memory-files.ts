import type { ParseOptions } from './parse.ts';

/** The files of a tree by name, the way `source` and the caller write them. */
export type KconfigFiles = Readonly<Record<string, string>>;

/** The file a set of files is read from: `Kconfig` if there is one, else the first. */
export function topOf(files: KconfigFiles): string {
  return Object.hasOwn(files, 'Kconfig') ? 'Kconfig' : (Object.keys(files)[0] ?? 'Kconfig');
}

/** Stand-ins for the file system that know these files and nothing else. */
export function accessTo(
  files: KconfigFiles,
): Required<Pick<ParseOptions, 'readFile' | 'readDir'>> {
  const entries = directories(Object.keys(files));
  return {
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    readDir: (path) => entries.get(path),
  };
}

/** What lies in each directory, in the order of the files. */
function directories(paths: readonly string[]): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const path of paths) {
    let name = path;
    while (name !== '' && name !== '/') {
      const slash = name.lastIndexOf('/');
      const parent = slash < 0 ? '' : slash === 0 ? '/' : name.slice(0, slash);
      const list = found.get(parent) ?? new Set();
      found.set(parent, list.add(name.slice(slash + 1)));
      name = parent;
    }
  }
  return new Map([...found].map(([dir, names]) => [dir, [...names]]));
}
