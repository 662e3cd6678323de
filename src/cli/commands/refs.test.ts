import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { checkSchema, refsSchema } from '../../report/index.ts';
import { run } from '../test-io.test-util.ts';

const tree = mkdtempSync(join(tmpdir(), 'kmatrix-refs-'));
afterAll(() => rmSync(tree, { recursive: true }));
writeFileSync(join(tree, 'Kconfig'), 'config SMP\n\tbool "smp"\n');
writeFileSync(
  join(tree, 'a.c'),
  'int f(void)\n{\n#ifdef CONFIG_SMP\n\treturn CONFIG_OLD_ONE;\n#endif\n}\n',
);

const refs = (...args: string[]) => run(['refs', ...args, '--no-cache', '--jobs', '1']);

it('lists the references of an option', async () => {
  const { code, out, err } = await refs('CONFIG_SMP', '--tree', tree);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toBe(
    'SMP: 2 references: 2 live\n  Kconfig:1  config  live\n  a.c:3      ifdef   live  in f()\n',
  );
});

it('takes the prefix for a part of the name where an option is so called', async () => {
  const other = mkdtempSync(join(tmpdir(), 'kmatrix-refs-'));
  onTestFinished(() => rmSync(other, { recursive: true }));
  writeFileSync(join(other, 'Kconfig'), 'config CONFIG_386\n\tbool "386"\n');
  expect((await refs('CONFIG_386', '--tree', other)).out).toBe(
    'CONFIG_386: 1 reference: 1 live\n  Kconfig:1  config  live\n',
  );
});

it('lists dangling options, as JSON too, and can fail for them', async () => {
  const text = await refs('--dangling', '--tree', `${tree}/`, '--exit-code');
  expect(text.code).toBe(1);
  expect(text.out).toBe(
    'OLD_ONE: 1 reference: 1 dangling\n  a.c:4  value  dangling  in f(), if SMP\n',
  );
  const { out } = await refs('--dangling', '--tree', tree, '--format', 'json');
  expect(checkSchema(refsSchema, JSON.parse(out))).toBeUndefined();
  expect(JSON.parse(out)).toEqual({
    schemaVersion: 1,
    symbols: [
      {
        symbol: 'OLD_ONE',
        references: [
          { file: 'a.c', line: 4, kind: 'value', in: 'f()', condition: 'SMP', state: 'dangling' },
        ],
      },
    ],
  });
  const none = await refs('--dangling', '--tree', tree, '--kind', 'ifdef', '--exit-code');
  expect(none).toMatchObject({ code: 0, out: '' });
});

it.each([
  [['SMP'], 'no --tree DIR'],
  [['--tree', tree], 'either SYMBOL or --dangling is wanted'],
  [['SMP', '--dangling', '--tree', tree], 'either SYMBOL or --dangling is wanted'],
  [['SNP', '--tree', tree], 'the tree does not mention SNP'],
  [['SMP', '--tree', '/nowhere'], '/nowhere is no folder'],
  [['SMP', '--tree', '/proc/self/fdinfo'], 'has no Kconfig file at its top'],
])('%s: one message and exit code 2', async (args, message) => {
  const { code, out, err } = await refs(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
});

it('shows what a patch leaves behind', async () => {
  const patch = join(tree, 'x.patch');
  writeFileSync(
    patch,
    '--- a/Kconfig\n+++ b/Kconfig\n@@ -1,2 +1,2 @@\n-config SMP\n+config CPUS\n \tbool "smp"\n--- a/a.c\n+++ b/a.c\n@@ -9 +9 @@\n-no\n+way\n',
  );
  try {
    const ran = await refs('--dangling', '--tree', tree, '--patch', patch, '--exit-code');
    expect(ran.out).toBe(
      `no longer defined: SMP

SMP: 0 → 1 references, no longer defined
  +  a.c:3  ifdef  dangling  in f()
`,
    );
    expect(ran.err).toBe(`a.c:6: the hunk fits nowhere (${patch}:9)\n`);
    expect(ran.code).toBe(1);
    const symbol = await refs('SMP', '--tree', tree, '--patch', patch, '--format', 'json');
    expect(checkSchema(refsSchema, JSON.parse(symbol.out))).toBeUndefined();
    expect(JSON.parse(symbol.out)).toMatchObject({
      series: { changed: ['Kconfig', 'a.c'], removedOptions: ['SMP'], conflicts: [{ line: 6 }] },
      references: [
        { file: 'a.c', state: 'dangling', change: 'changed', before: { state: 'live' } },
      ],
      removed: [{ file: 'Kconfig', line: 1 }],
    });
  } finally {
    rmSync(patch);
  }
});
