import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Config, Kconfig } from './index.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const documented = new Set([...read('../API.md').matchAll(/`([^`]*)`/g)].flatMap(words));

/** Every identifier in a piece of code. */
function words(match: RegExpMatchArray): string[] {
  return (match[1] as string).match(/[A-Za-z_]\w*/g) ?? [];
}

/** Members of a class that its source does not call internal. */
function publicMembers(of: { prototype: object }, source: string): string[] {
  const internal = new Set(
    [...read(source).matchAll(/@internal(?:(?!\*\/)[\s\S])*\*\/\s+(?:get )?(\w+)/g)].map(
      (m) => m[1],
    ),
  );
  return Object.getOwnPropertyNames(of.prototype).filter((name) => !internal.has(name));
}

describe('the API reference', () => {
  it('names everything the package exports', () => {
    const exported = [...read('./index.ts').matchAll(/export (?:type )?\{([\s\S]*?)\}/g)]
      .flatMap((match) => (match[1] as string).split(','))
      .map((name) => name.trim().replace(/^type /, ''))
      .filter(Boolean);
    expect(exported.length).toBeGreaterThan(40);
    expect(exported.filter((name) => !documented.has(name))).toEqual([]);
  });

  it('names the members of a tree and of a configuration', () => {
    const members = [
      ...publicMembers(Kconfig, './menu/kconfig.ts'),
      ...publicMembers(Config, './eval/config.ts'),
    ];
    expect(members).toContain('symbols');
    expect(members).not.toContain('valueOf');
    expect(members.filter((name) => name !== 'constructor' && !documented.has(name))).toEqual([]);
  });

  it('names the options, limits and results with all their fields', () => {
    const interfaces = {
      './parse/parse.ts': 'ParseOptions',
      './plan/plan.ts': 'PlanOptions',
      './read/dotconfig.ts': 'ReadOptions',
      './explain/why.ts': 'Why',
    };
    for (const [file, name] of Object.entries(interfaces)) {
      const body =
        read(file).match(new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n\\}`))?.[1] ?? '';
      const fields = [
        ...body
          .replaceAll(/\/\*\* @internal.*\n.*\n/g, '')
          .matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm),
      ].map((m) => m[1] as string);
      expect(fields.length, name).toBeGreaterThan(1);
      expect(
        fields.filter((field) => !documented.has(field)),
        name,
      ).toEqual([]);
    }
  });

  it('comes with the package', () => {
    const { files } = JSON.parse(read('../package.json')) as { files: string[] };
    expect(files).toContain('API.md');
    expect(readdirSync(new URL('..', import.meta.url))).toContain('LICENSE');
  });
});
