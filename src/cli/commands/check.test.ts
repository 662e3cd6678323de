import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkReportSchema, checkSchema } from '../../report/index.ts';
import { run } from '../test-io.test-util.ts';

const root = mkdtempSync(join(tmpdir(), 'kmatrix-check-'));
afterAll(() => rmSync(root, { recursive: true }));
for (const [path, text] of [
  ['tree/Kconfig', 'config SMP\n\tbool "smp"\nconfig LOCK\n\tdef_bool y\n\tdepends on SMP\n'],
  [
    'tree/include/lock.h',
    '#ifdef CONFIG_LOCK\nstatic inline int lock(void) { return f(); }\n#endif\n',
  ],
  ['driver.c', '#include <lock.h>\nint g(void) { return lock(); }\n'],
  [
    'matrix.yaml',
    'name: m\nbase: alldefconfig\ncpus: [1]\nworkloads: [page_fault1]\nmatrix:\n  edition: [v6.12]\n  SMP: [y, n]\n',
  ],
] as const) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const file = join(root, 'driver.c');
const check = (...args: string[]) =>
  run(['check', ...args, '--tree', join(root, 'tree'), '--no-cache', '--jobs', '1', '--quiet']);

it('exits with 1 where a configuration breaks a file', async () => {
  const { code, out } = await check(file, '--config', 'SMP=y', '--config', 'SMP=n');
  expect(code).toBe(1);
  expect(out).toContain('1 API, 2 configurations: breaks in 1');
  expect(out).toContain(
    `${file}:2:22: error: lock is absent: not declared by what the file includes (in 2)`,
  );
});

it('takes its configurations from a matrix, as JSON', async () => {
  const { code, out } = await check(
    file,
    '--matrix',
    join(root, 'matrix.yaml'),
    '--format',
    'json',
  );
  expect(code).toBe(1);
  expect(checkSchema(checkReportSchema, JSON.parse(out))).toBeUndefined();
  expect(JSON.parse(out)).toMatchObject({
    schemaVersion: 1,
    cells: [{ id: 'SMP=y' }, { id: 'SMP=n' }],
    files: [
      {
        file,
        apis: [{ name: 'lock', cells: [{ state: 'real' }, { state: 'absent', breaks: true }] }],
      },
    ],
  });
});

it('reads a source in any encoding that has the signs of C', async () => {
  const path = join(root, 'latin1.c');
  writeFileSync(
    path,
    Buffer.from('/* \xe9 */\n#include <lock.h>\nint g(void) { return lock(); }\n', 'latin1'),
  );
  const { code, err } = await check(path, '--config', 'SMP=y');
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

it('refuses what is no input', async () => {
  expect(await check(join(root, 'none.c'))).toMatchObject({ code: 2 });
  const object = join(root, 'driver.o');
  writeFileSync(object, Buffer.from('\x7fELF\0'));
  const binary = await check(object);
  expect(binary).toMatchObject({ code: 2 });
  expect(binary.err).toContain(`${object} is no text; a source file is wanted`);
  const both = await check(file, '--config', 'SMP=y', '--matrix', 'm.yaml');
  expect(both).toMatchObject({ code: 2 });
  expect(both.err).toContain('--config and --matrix exclude each other');
  const unknown = await check(file, '--config', 'NONE=y');
  expect(unknown).toMatchObject({ code: 2 });
  expect(unknown.err).toContain('NONE');
});
