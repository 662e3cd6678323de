import { expect, test } from 'vitest';
import { packagePath, readText } from '../../../input/index.ts';
import type { WorkName } from '../../model/machine/index.ts';
import { loadProfile } from '../read-profile.ts';

const readme = readText(
  packagePath('src', 'kernel', 'timed', 'profiles', 'README.md'),
  'documentation',
);

const DOCUMENTED = ['server', 'phone', 'loongson', 'pixel6'] as const;
type Documented = (typeof DOCUMENTED)[number];

/** A row of the table of fields: name, `server`, `phone`, `loongson`, `pixel6`, source. */
const rows = new Map(
  readme
    .slice(0, readme.indexOf('The instructions, as counted'))
    .split('\n')
    .filter((line) => /^\| `[a-z_.\d]+` \|( [\d.]* ?\|){4}/.test(line))
    .map((line) => {
      const [name = '', server, phone, loongson, pixel6, source = ''] = line
        .split('|')
        .slice(1)
        .map((c) => c.trim());
      const numbers = {
        server: Number(server),
        phone: Number(phone),
        loongson: Number(loongson),
        pixel6: Number(pixel6),
      };
      return [name.slice(1, -1), { ...numbers, source }] as const;
    }),
);

/** Every figure a profile's file gives, by the name the table has for it. */
function figures(name: Documented): [string, number][] {
  const flat = (o: object, prefix: string): [string, number][] =>
    Object.entries(o).flatMap(([key, value]): [string, number][] => {
      if (typeof value === 'number') return [[`${prefix}${key}`, value]];
      return typeof value === 'object' ? flat(value, `${prefix}${key}.`) : [];
    });
  const file = packagePath('src', 'kernel', 'timed', 'profiles', `${name}.json`);
  return flat(JSON.parse(readText(file, 'cost profile')), '');
}

test.each(DOCUMENTED)('every figure of %s is documented with its source', (name) => {
  for (const [field, value] of figures(name)) {
    const row = rows.get(field);
    expect(row?.[name], field).toBe(value);
    expect(row?.source.length, field).toBeGreaterThan(5);
  }
});

test('nothing is documented that is in no profile', () => {
  const known = new Set(DOCUMENTED.flatMap((name) => figures(name).map(([field]) => field)));
  expect([...rows.keys()].sort()).toEqual([...known].sort());
});

test('the instructions that price kernel code are told as they were counted and as they were fitted', () => {
  const counted = loadProfile(
    packagePath('src', 'kernel', 'calibrate', 'first-estimates.json'),
  ).work;
  const fitted = loadProfile('instructions').work;
  const told = [
    ...readme.matchAll(/^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) \| (?:counted|estimate) \|$/gm),
  ];
  expect(told.length).toBeGreaterThan(40);
  for (const [, name, before, after] of told) {
    expect(counted[name as WorkName], name).toBe(Number(before));
    expect(fitted[name as WorkName], name).toBe(Number(after));
  }
});
