import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { confDialect, ownConf } from './own-dialect.ts';

const home = mkdtempSync(join(tmpdir(), 'kconfig-own-'));
afterAll(() => rmSync(home, { recursive: true }));

let made = 0;
function folder(files: Record<string, string>): string {
  const root = join(home, String(made++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

it.each([
  ['4.17', { 'confdata.c': '', 'zconf.y': '%token T_OPTIONAL' }],
  ['5.6', { 'confdata.c': '', 'preprocess.c': '', 'symbol.c': 'if (sym->implied.tri == yes)' }],
  ['5.6', { 'kconfiglib.py': '' }],
  ['minikconf', { 'minikconf.py': '' }],
  ['6.7', { 'confdata.c': '', 'preprocess.c': '', 'symbol.c': '', 'parser.y': 'T_OPTIONAL' }],
  [
    'superset',
    { 'confdata.c': '', 'preprocess.c': '', 'symbol.c': 'val = "0";', 'parser.y': 'T_OPTIONAL' },
  ],
  ['6.12', { 'confdata.c': '', 'preprocess.c': '', 'symbol.c': 'val = "0";', 'parser.y': '' }],
  [
    '6.18',
    { 'confdata.c': '', 'preprocess.c': '', 'symbol.c': 'val = "0"', 'parser.y': 'T_TRANSITIONAL' },
  ],
] as [string, Record<string, string>][])('the dialect of a conf: %s', (dialect, files) => {
  expect(confDialect(folder(files))).toBe(dialect);
});

it('is looked for below the folder of a file and those above', () => {
  const root = folder({
    Makefile: '',
    'src/Kconfig': '',
    'src/drivers/Kconfig': '',
    'util/kconfig/confdata.c': '',
  });
  for (const file of ['src/Kconfig', 'src/drivers/Kconfig'])
    expect(ownConf(join(root, file))).toEqual({ root, dialect: '4.17', optionalSources: false });
  expect(ownConf(join(folder({ Kconfig: '' }), 'Kconfig'))).toBeUndefined();
  const many = folder({ 'one/Kconfig': '', 'other/kconfig/confdata.c': '' });
  expect(ownConf(join(many, 'one/Kconfig'))).toBeUndefined();
});

it('is called in the folder above one that has it and the options', () => {
  const root = folder({ Makefile: '', 'extra/Makefile': '', 'extra/config/confdata.c': '' });
  expect(ownConf(join(root, 'extra/options/Config.in'))?.root).toBe(root);
});

it('may take files that need not be there', () => {
  const root = folder({ 'kconfig/confdata.c': '', 'kconfig/lexer.l': 'if (!x && glob(name))' });
  expect(ownConf(join(root, 'Kconfig'))?.optionalSources).toBe(true);
});
