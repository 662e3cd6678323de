import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './test-io.test-util.ts';

const dir = mkdtempSync(join(tmpdir(), 'kmatrix-cli-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Files of the user, by name. */
const files: Readonly<Record<string, string>> = {
  'typo.yaml': 'name: typo\nmatrix:\n  edition: [v7.0]\n  SMP: [y, n]\nworkload: [page_fault1]\n',
  'symbol.yaml': 'matrix:\n  edition: [v7.0]\n  SMPP: [y, n]\n',
  'edition.yaml': 'matrix:\n  edition: [v7.2]\n',
  'value.yaml': 'matrix:\n  edition: [v7.0]\n  SMP: [y, q]\n',
  'syntax.kconfig': 'config A\n\tbool "a"\n\tdefault y if (B\n',
  'circular.kconfig': 'source "circular-2.kconfig"\n',
  'circular-2.kconfig': 'config A\n\tbool\nsource "circular.kconfig"\n',
  'missing.kconfig': 'config A\n\tbool\nsource "nowhere.kconfig"\n',
  'ok.kconfig': 'config A\n\tbool "a"\n',
  'not.config': 'hello\n',
  'broken.json': '{"schemaVersion": 1',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);

/** A command line run in the folder of the files, which is named DIR in what comes out. */
async function fails(line: string): Promise<string> {
  const { code, out, err } = await run(line.split(' '), { cwd: dir });
  expect([code, out]).toEqual([2, '']);
  expect(err).not.toMatch(/^\s+at /m);
  return err.replaceAll(dir, 'DIR');
}

describe('wrong input is one clear message and exit code 2', () => {
  it.each([
    'run nowhere.yaml',
    'run typo.yml',
    'run typo.yaml',
    'run symbol.yaml',
    'run edition.yaml',
    'run value.yaml',
    'run .',
    'resolve --kconfig nowhere.kconfig',
    'resolve --kconfig .',
    'resolve --kconfig syntax.kconfig',
    'resolve --kconfig circular.kconfig',
    'resolve --kconfig missing.kconfig',
    'resolve --kconfig ok.kconfig --set B=y',
    'resolve --kconfig ok.kconfig --set A=maybe',
    'resolve --kconfig ok.kconfig --set A',
    'resolve --kconfig ok.kconfig --config nowhere.config',
    'resolve --kconfig ok.kconfig --edition v7.0',
    'resolve --kconfig ok.kconfig --arch x86',
    'resolve --kconfig ok.kconfig --out no/such/folder',
    'resolve --tree .',
    'resolve --tree nowhere',
    'resolve --edition v7.2',
    'why PER_VMA_LOK',
    'why',
    'diff v7.0:SMP=y',
    'diff v7.0:SMP=y v7.2:SMP=y',
    'diff v7.0:SMP=y v7.0:SMPP=y',
    'diff v7.0:SMP=y v7.0:SMP=maybe',
    'diff v7.0:SMP v7.0:SMP=y',
    'diff ./nowhere ok.kconfig',
    'diff not.config not.config',
    'diff broken.json#v7.0 broken.json#v7.0',
    'diff nowhere.json#v7.0 broken.json#v7.0',
    'simulate page_falt1',
    'simulate ./nowhere.yaml',
    'simulate page_fault1 --cpus 0',
    'simulate page_fault1 --set SMP=n --cpus 4',
    'simulate page_fault1 --runs 0',
    'schema nothing',
    'frobnicate',
    'rnu',
    '--fromat md',
  ])('%s', async (line) => {
    expect(await fails(line)).toMatchSnapshot();
  });
});
