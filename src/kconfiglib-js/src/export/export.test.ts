import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../cli/main.ts';
import { tree } from '../testing/tree.ts';
import { exportConfig } from './config.ts';
import { exportKconfig } from './kconfig.ts';
import { exportText } from './text.ts';

const files = {
  Kconfig: `mainmenu "Example $(WORD)"
config SMP
\tbool "Several"
\tdefault y
\tselect LOCK if NET
\timply NET
menu "More"
\tdepends on SMP
config WORKERS
\tint "Workers" if LOCK
\trange 1 64 if SMP
\tdefault 4
\thelp
\t  How many.

source "sub"
endmenu
config LOCK
\tbool
choice
\tprompt "Pick"
\tdefault TWO if SMP
config ONE
\tbool "one"
config TWO
\tbool "two"
endchoice
`,
  sub: 'config NET\n\tbool "Net"\n\ncomment "Nothing"\n',
};
const kconfig = tree(files, { env: { WORD: 'tree', OTHER: 'x' } });

describe('an exported tree', () => {
  const data = exportKconfig(kconfig);
  const symbol = (name: string) => data.symbols.find((one) => one.name === name);

  it('says what it is', () => {
    expect(data.schema).toEqual({ name: 'kconfiglib-js/kconfig', version: 1 });
    expect(data).toMatchObject({
      mainmenu: 'Example tree',
      files: ['Kconfig', 'sub'],
      env: { WORD: 'tree' },
    });
    expect(Object.keys(data.env)).toEqual(['WORD']);
  });

  it('has all of a symbol', () => {
    expect(symbol('WORKERS')).toEqual({
      name: 'WORKERS',
      type: 'int',
      defined: [{ file: 'Kconfig', line: 9 }],
      prompts: [{ value: 'Workers', if: 'SMP && LOCK', file: 'Kconfig', line: 10 }],
      defaults: [{ value: '4', if: 'SMP', file: 'Kconfig', line: 12 }],
      selects: [],
      implies: [],
      ranges: [{ value: '1 64', if: 'SMP', file: 'Kconfig', line: 11 }],
      depends: 'SMP',
      help: 'How many.\n',
    });
    expect(symbol('SMP')).toMatchObject({
      selects: [{ value: 'LOCK', if: 'NET', file: 'Kconfig', line: 5 }],
      implies: [{ value: 'NET', file: 'Kconfig', line: 6 }],
    });
    expect(symbol('LOCK')?.selectedBy).toBe('SMP && NET');
    expect(symbol('NET')).toMatchObject({ impliedBy: 'SMP', defined: [{ file: 'sub', line: 1 }] });
    expect(symbol('TWO')?.choice).toBe(0);
  });

  it('has the choices and the menu', () => {
    expect(data.choices).toEqual([
      {
        prompt: 'Pick',
        type: 'bool',
        file: 'Kconfig',
        line: 20,
        members: ['ONE', 'TWO'],
        defaults: [{ value: 'TWO', if: 'SMP', file: 'Kconfig', line: 22 }],
      },
    ]);
    const shape = (node: (typeof data)['menu']): string =>
      `${node.symbol ?? node.prompt}${node.children ? `(${node.children.map(shape).join(' ')})` : ''}`;
    expect(shape(data.menu)).toBe(
      'Example tree(SMP(More(WORKERS NET Nothing)) LOCK Pick(ONE TWO))',
    );
  });

  it('names what only the superset has', () => {
    const text = 'choice PICK\n\tprompt "c"\n\toptional\nconfig A\n\tbool "a"\nendchoice\n';
    expect(exportKconfig(tree(text, { dialect: 'superset' })).choices[0]).toMatchObject({
      name: 'PICK',
      optional: true,
    });
  });
});

describe('an exported configuration', () => {
  it('has values, and reasons if asked', () => {
    const config = kconfig.config();
    config.set('WORKERS', '99');
    config.set('LOCK', 'y');
    const data = exportConfig(config);
    const one = (name: string) => data.symbols.find((symbol) => symbol.name === name);
    expect(one('WORKERS')).toEqual({
      name: 'WORKERS',
      type: 'int',
      value: '64',
      written: true,
      visible: 'y',
      user: '99',
    });
    const reasons = exportConfig(config, { reasons: true }).symbols;
    expect(reasons.find(({ name }) => name === 'WORKERS')).toMatchObject({
      cause: 'range',
      unmet: expect.stringContaining('outside its range'),
    });
    expect(reasons.find(({ name }) => name === 'TWO')?.reason).toContain('TWO is y');
  });
});

describe('the text of an export', () => {
  const text = (): string => {
    const again = tree(files, { env: { OTHER: 'x', WORD: 'tree' } });
    return exportText({ kconfig: exportKconfig(again), config: exportConfig(again.config()) });
  };

  it('is the same every time, and JSON', () => {
    expect(text()).toBe(text());
    const config = kconfig.config();
    expect(JSON.parse(text())).toEqual({
      kconfig: exportKconfig(kconfig),
      config: exportConfig(config),
    });
  });

  it('has a line for each symbol and menu entry', () => {
    const lines = text().split('\n');
    expect(lines.filter((line) => line.includes('"name":"WORKERS"'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('"symbol":"WORKERS"'))).toHaveLength(1);
  });

  it('is written by kconf, with a mode or alone', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'kconf-export-'));
    try {
      writeFileSync(join(cwd, 'Kconfig'), files.Kconfig);
      writeFileSync(join(cwd, 'sub'), files.sub);
      writeFileSync(join(cwd, '.config'), '# CONFIG_SMP is not set\n');
      let stdout = '';
      const kconf = (...argv: string[]): number =>
        main([...argv, 'Kconfig'], {
          progname: 'kconf',
          cwd,
          env: {},
          tty: () => false,
          stdout: (part) => {
            stdout += part;
          },
          stderr: () => {},
          readLine: () => undefined,
        });
      expect(kconf('--export-json', 'out.json')).toBe(0);
      const smp = (json: string) =>
        JSON.parse(json).config.symbols.find(({ name }: { name: string }) => name === 'SMP').value;
      expect([stdout, smp(readFileSync(join(cwd, 'out.json'), 'utf8'))]).toEqual(['', 'n']);
      expect(kconf('-s', '--allyesconfig', '--export-json=-')).toBe(0);
      expect(smp(stdout)).toBe('y');
      expect(kconf('--export-json')).toBe(1);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });
});
