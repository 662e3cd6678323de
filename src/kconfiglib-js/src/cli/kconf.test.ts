import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from './main.ts';
import { readOptions } from './options.ts';

describe('kconf', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'kconf-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  function kconf(argv: string[], env: Record<string, string> = {}) {
    const out = { code: 0, stdout: '', stderr: '' };
    out.code = main(argv, {
      progname: 'kconf',
      cwd,
      env,
      tty: () => false,
      stdout: (text) => {
        out.stdout += text;
      },
      stderr: (text) => {
        out.stderr += text;
      },
      readLine: () => undefined,
    });
    return out;
  }

  it('asks for a Kconfig file', () => {
    expect(kconf(['--alldefconfig'])).toMatchObject({
      code: 1,
      stderr: 'kconf: Kconfig file missing\n',
    });
    expect(kconf(['--help'])).toMatchObject({ code: 1, stderr: '' });
    expect(kconf(['-h']).stdout).toContain('  --allnoconfig           New config');
  });

  it('finds files here, then in srctree', () => {
    const src = mkdtempSync(join(tmpdir(), 'kconf-src-'));
    writeFileSync(join(src, 'Kconfig'), 'source "sub"\n');
    writeFileSync(join(src, 'sub'), 'config A\n\tdef_bool y\n');
    writeFileSync(join(cwd, 'sub'), 'config B\n\tdef_bool y\n');
    expect(kconf(['--alldefconfig', 'Kconfig'], { srctree: src }).code).toBe(0);
    expect(readFileSync(join(cwd, '.config'), 'utf8')).toContain('CONFIG_B=y');
    rmSync(src, { recursive: true });
  });

  it('goes through all symbols in the order of the generation', () => {
    // In the hash table of old S1 comes first, and what is within range of S3 depends on that. As the conf of 5.10 has it.
    const a = 'config S1\n\tint "a"\n\trange 32 18\n';
    const b = 'config S3\n\thex "b"\n\trange 0x3b 0x40 if !(S1 > 26)\n';
    writeFileSync(join(cwd, 'Kconfig'), a + b);
    const values = (dialect: string) => {
      writeFileSync(join(cwd, '.config'), 'CONFIG_S1=41\nCONFIG_S3=0xd\n');
      kconf(['--olddefconfig', 'Kconfig'], { KCONF_DIALECT: dialect });
      return readFileSync(join(cwd, '.config'), 'utf8').match(/^CONFIG.*/gm);
    };
    expect(values('6.7')).toEqual(['CONFIG_S1=32', 'CONFIG_S3=0x3b']);
  });

  it('reads a tree in the language of the version of Linux that calls it', () => {
    const tree = 'choice\n\tprompt "c"\n\toptional\nconfig M\n\ttristate "m"\nendchoice\n';
    writeFileSync(join(cwd, 'Kconfig'), tree);
    const code = (KERNELVERSION: string, more = {}, ...argv: string[]) =>
      kconf([...argv, '--alldefconfig', 'Kconfig'], { KERNELVERSION, ...more }).code;
    expect(['4.9.337', '5.10.262-rc1', '6.1', '6.10.9'].map((version) => code(version))).toEqual([
      0, 0, 0, 0,
    ]);
    // 1 and 20231 are numbers other projects put there.
    expect(['6.11.0', '7.3.4', '1', '20231', ''].map((version) => code(version))).toEqual([
      1, 1, 1, 1, 1,
    ]);
    expect(code('6.1', { KCONF_DIALECT: '6.12' })).toBe(1);
    expect(code('6.1', {}, '--dialect=7.0')).toBe(1);
    expect(code('6.12', { KCONF_DIALECT: '6.7' })).toBe(0);
  });

  it('has a choice that a seed file does not name n, which is m of tristates', () => {
    const member = 'choice\n\tprompt "c"\n\tdepends on R\nconfig M\n\ttristate "m"\nendchoice\n';
    const modules = 'config MODULES\n\tbool "modules"\n\toption modules\n\tdefault y\n';
    writeFileSync(join(cwd, 'Kconfig'), `${modules}config R\n\ttristate "r"\n${member}`);
    writeFileSync(join(cwd, 'mini'), 'CONFIG_R=y\n');
    writeFileSync(join(cwd, 'named'), 'CONFIG_M=y\n');
    const value = (mode: string, seed: string) => {
      rmSync(join(cwd, '.config'), { force: true });
      const KCONFIG_ALLCONFIG = seed === '' ? {} : { KCONFIG_ALLCONFIG: seed };
      kconf([`--${mode}`, 'Kconfig'], { KCONF_DIALECT: '6.7', ...KCONFIG_ALLCONFIG });
      return readFileSync(join(cwd, '.config'), 'utf8').match(/^.*CONFIG_M(?:=| ).*/m)?.[0];
    };
    // As the conf of 5.10 has it.
    const modes = ['allyesconfig', 'allmodconfig', 'allnoconfig'];
    expect(modes.map((mode) => value(mode, 'mini'))).toEqual([
      'CONFIG_M=m',
      'CONFIG_M=m',
      'CONFIG_M=y',
    ]);
    expect(modes.map((mode) => value(mode, 'named'))).toEqual([
      'CONFIG_M=y',
      'CONFIG_M=m',
      undefined,
    ]);
    expect(modes.map((mode) => value(mode, ''))).toEqual(['CONFIG_M=y', 'CONFIG_M=m', undefined]);
  });

  it('knows that a member chosen along with its choice has no text to take over', () => {
    const member = 'choice\n\tprompt "c"\nconfig M\n\tbool "m"\nendchoice\n';
    const number = 'config H\n\thex "h"\n\tdefault M\n';
    // As the C conf prints it. Setting MODULES made all values be found anew, M's through its choice.
    const modules = 'config MODULES\n\tbool "modules"\n\tmodules\n\tdefault y\n';
    writeFileSync(join(cwd, 'Kconfig'), modules + member + number);
    expect(kconf(['--oldconfig', 'Kconfig']).stdout).toContain('\nh (H) (NEW) ');
    writeFileSync(join(cwd, 'Kconfig'), member + number);
    expect(kconf(['--oldconfig', 'Kconfig']).stdout).toContain('\nh (H) [n] (NEW) ');
  });

  it('copies bytes that are no UTF-8', () => {
    const tree =
      'mainmenu "T\xe4st"\nconfig A\n\tstring "a"\n\tdefault "\xf6"\nconfig B\n\tstring "b"\n';
    writeFileSync(join(cwd, 'Kconfig'), tree, 'latin1');
    writeFileSync(join(cwd, '.config'), 'CONFIG_B="\xfc"\n', 'latin1');
    expect(kconf(['--olddefconfig', 'Kconfig']).code).toBe(0);
    expect(readFileSync(join(cwd, '.config'), 'latin1')).toMatch(
      /\n# T\xe4st\n#\nCONFIG_A="\xf6"\nCONFIG_B="\xfc"\n$/,
    );
  });

  it('warns of each byte it ignores', () => {
    writeFileSync(join(cwd, 'Kconfig'), '\ufeffconfig A\n\tbool @ "a"\n');
    const ignored = (line: number, byte: string) =>
      `Kconfig:${line}:warning: ignoring unsupported character '${byte}'\n`;
    expect(kconf(['--alldefconfig', 'Kconfig']).stderr).toBe(
      ignored(1, '\udcef') + ignored(1, '\udcbb') + ignored(1, '\udcbf') + ignored(2, '@'),
    );
  });

  it('reports what it cannot write', () => {
    writeFileSync(join(cwd, 'Kconfig'), 'config A\n\tbool "a"\n');
    expect(kconf(['--alldefconfig', 'Kconfig'], { KCONFIG_CONFIG: '' })).toMatchObject({
      code: 1,
      stderr: 'config name is empty\n\n*** Error during writing of the configuration.\n\n',
    });
    expect(kconf(['--alldefconfig', 'Kconfig'], { KCONFIG_CONFIG: '.' }).stderr).toContain(
      '.: Is a directory',
    );
  });

  it('shows an excerpt for errors conf does not have', () => {
    writeFileSync(join(cwd, 'Kconfig'), 'source "Other"\n');
    writeFileSync(join(cwd, 'Other'), 'x'.repeat((1 << 24) + 1));
    const { code, stderr } = kconf(['--alldefconfig', 'Kconfig']);
    expect([code, stderr]).toEqual([
      1,
      'Kconfig:1:8: error: Other is larger than 16777216 bytes\n',
    ]);
  });
});

describe('options', () => {
  it('are read as getopt_long reads them', () => {
    expect(readOptions(['--allno', 'K', '-s'], 'kconf')).toMatchObject({
      mode: 'allnoconfig',
      silent: true,
      operands: ['K'],
    });
    expect(readOptions(['--defconfig', 'F', 'K'], 'kconf')).toMatchObject({
      mode: 'defconfig',
      file: 'F',
      operands: ['K'],
    });
    expect(readOptions(['--all', 'K'], 'kconf').complaints[0]).toContain(
      "option '--all' is ambiguous",
    );
    expect(readOptions(['--nope', 'K'], 'kconf').complaints).toEqual([
      "kconf: unrecognized option '--nope'\n",
    ]);
  });
});
