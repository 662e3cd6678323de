import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkChangesSchema, checkReportSchema, checkSchema } from '../../report/index.ts';
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

describe('with patches', () => {
  const series = join(root, 'series.patch');
  writeFileSync(
    series,
    `--- a/Kconfig
+++ b/Kconfig
@@ -1,5 +1,2 @@
 config SMP
 \tbool "smp"
-config LOCK
-\tdef_bool y
-\tdepends on SMP
--- a/include/lock.h
+++ b/include/lock.h
@@ -1,3 +1,1 @@
-#ifdef CONFIG_LOCK
-static inline int lock(void) { return f(); }
-#endif
+static inline int lock(int how) { return f(how); }
--- /dev/null
+++ b/new.c
@@ -0,0 +1,2 @@
+#include <lock.h>
+int h(void) { return lock(1); }
`,
  );
  const configs = ['--config', 'SMP=y', '--config', 'SMP=n'];

  it('lists what they break and mend', async () => {
    const { code, out, err } = await check(file, ...configs, '--patch', series);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain(': 1 API, 2 configurations: breaks in 2; before: breaks in 1\n');
    expect(out).toContain('  lock  function  real → misfit ✗  absent ✗ → misfit ✗\n');
    expect(out).toContain('lock: int(void) → int(int) (in 1)\n');
    expect(out).toContain(
      `${file}:2:22: error: lock does not fit here: takes 1 argument, line 2 gives 0 (everywhere)\n`,
    );
    expect(out).toContain(
      `${file}:2:22: no longer: error: lock is absent: not declared by what the file includes (in 2)\n`,
    );
  });

  it('has every format', async () => {
    const json = await check(file, ...configs, '--patch', series, '--format', 'json');
    expect(checkSchema(checkChangesSchema, JSON.parse(json.out))).toBeUndefined();
    for (const [format, begin] of [
      ['md', '## '],
      ['csv', 'file,api,kind,cell,before,after,'],
      ['sarif', '{'],
      ['junit', '<?xml'],
    ] as const) {
      const { out } = await check(file, ...configs, '--patch', series, '--format', format);
      expect(out.startsWith(begin)).toBe(true);
    }
  });

  it('reads what they make, and does not ask for an option they take away', async () => {
    const path = join(root, 'tree', 'new.c');
    expect(await check(path, ...configs)).toMatchObject({ code: 2 });
    const made = await check(path, '--config', 'SMP=y,LOCK=y', '--patch', series);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain(
      ': 1 API, 1 configuration: works in all of them; before: not there\n',
    );
    const loud = await run(
      ['check', file, '--config', 'SMP=y,LOCK=y', '--patch', series, '--jobs', '1'].concat(
        '--no-cache',
        '--tree',
        join(root, 'tree'),
      ),
    );
    expect(loud.err).toContain('LOCK is defined nowhere after the patches: not asked for there');
  });

  it('says no where nothing but a conflict is wrong', async () => {
    const bad = join(root, 'bad.patch');
    writeFileSync(bad, '--- a/include/lock.h\n+++ b/include/lock.h\n@@ -1,1 +1,1 @@\n-x\n+y\n');
    const { code, err } = await check(file, '--config', 'SMP=y', '--patch', bad);
    expect(code).toBe(1);
    expect(err).toContain('include/lock.h:1: ');
  });

  it('compares with another tree, to which they apply', async () => {
    const other = join(root, 'other');
    mkdirSync(join(other, 'include'), { recursive: true });
    writeFileSync(join(other, 'Kconfig'), 'config SMP\n\tbool "smp"\n');
    writeFileSync(join(other, 'include/lock.h'), 'static inline int lock(void) { return f(); }\n');
    const alone = await check(file, ...configs, '--right-tree', other);
    expect(alone.code).toBe(0);
    expect(alone.out).toContain('works in all of them; before: breaks in 1\n');
    const rename = join(root, 'rename.patch');
    writeFileSync(
      rename,
      '--- a/include/lock.h\n+++ b/include/lock.h\n@@ -1,1 +1,1 @@\n' +
        '-static inline int lock(void) { return f(); }\n+int unlock(void);\n',
    );
    const patched = await check(file, ...configs, '--right-tree', other, '--patch', rename);
    expect(patched.code).toBe(1);
    expect(patched.out).toContain('  lock  function  real → absent ✗  absent ✗\n');
  });
});

it('keeps what it has seen where it may, and says so when it is stopped', async () => {
  const cache = join(root, 'cache');
  const looks = (): number => {
    if (!existsSync(cache)) return 0;
    return readdirSync(cache, { recursive: true }).filter((name) => /looks\/\w/.test(`${name}`))
      .length;
  };
  const args = ['check', file, '--tree', join(root, 'tree'), '--jobs', '1', '--config', 'SMP=y'];
  const io = { env: { XDG_CACHE_HOME: cache } };
  const without = await run([...args, '--no-cache'], io);
  expect(looks()).toBe(0);
  expect(await run(args, io)).toEqual(without);
  expect(looks()).toBe(1);
  expect(await run(args, io)).toEqual(without);

  const stop = new AbortController();
  const stderr = {
    isTTY: true,
    columns: 80,
    write: (text: string): void => {
      told += text;
      if (text.includes('1/2 checks')) stop.abort();
    },
  };
  let told = '';
  const two = [...args, '--config', 'SMP=n'];
  const { code } = await run(two, { ...io, signal: stop.signal, stderr });
  expect(code).toBe(130);
  expect(told).toContain('interrupted: stopped after 1 of 2 looks; what is done is in the cache');
});
