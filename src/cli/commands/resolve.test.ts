import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../test-io.test-util.ts';

const dir = mkdtempSync(join(tmpdir(), 'kmatrix-resolve-'));
afterAll(() => rmSync(dir, { recursive: true }));
writeFileSync(
  join(dir, 'Kconfig'),
  'mainmenu "test"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\nconfig C\n\tint "c"\n\tdefault 3\n',
);
writeFileSync(join(dir, 'base.config'), 'CONFIG_A=y\nCONFIG_B=y\nCONFIG_GONE=y\n');

const inDir = (line: string) => run(line.split(' '), { cwd: dir });

describe('kmatrix resolve', () => {
  it('writes a .config', async () => {
    const { code, out, err } = await inDir('resolve --kconfig Kconfig --set A=y --set CONFIG_C=7');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=7\n');
  });

  it('writes what savedefconfig would, and JSON', async () => {
    expect((await inDir('resolve --kconfig Kconfig --set A=y --format defconfig')).out).toBe(
      'CONFIG_A=y\n',
    );
    expect(
      JSON.parse((await inDir('resolve --kconfig Kconfig --set A=y --format json')).out),
    ).toEqual({ A: 'y', B: 'n', C: '3' });
  });

  it('fills gaps as the mode says, and lets --set outrank it', async () => {
    const { out } = await inDir(
      'resolve --kconfig Kconfig --mode allyesconfig --set B=n --format json',
    );
    expect(JSON.parse(out)).toEqual({ A: 'y', B: 'n', C: '3' });
  });

  it('starts from a .config and warns of what this Kconfig lacks', async () => {
    const { code, out, err } = await inDir(
      'resolve --kconfig Kconfig --config base.config --format json',
    );
    expect([code, JSON.parse(out)]).toEqual([0, { A: 'y', B: 'y', C: '3' }]);
    expect(err).toBe(`${join(dir, 'base.config')}: warning: this Kconfig lacks GONE\n`);
  });

  it('says which wish did not come true, and why, with exit code 1', async () => {
    const { code, out, err } = await inDir(
      'resolve --kconfig Kconfig --set B=y --format defconfig',
    );
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^--set B=y does not take effect: .*\bA\b.* is n.*\n$/);
  });

  it('writes a file as a whole', async () => {
    const { code, out } = await inDir(
      'resolve --kconfig Kconfig --set A=y --format defconfig --out out',
    );
    expect([code, out]).toEqual([0, '']);
    expect(readFileSync(join(dir, 'out'), 'utf8')).toBe('CONFIG_A=y\n');
    expect(readdirSync(dir).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});

describe('kmatrix why and resolve --symbol', () => {
  it('say why a uniprocessor kernel lacks per-VMA locks', async () => {
    const { code, out } = await run('why PER_VMA_LOCK --set SMP=n'.split(' '));
    expect(code).toBe(0);
    expect(out).toMatch(/^PER_VMA_LOCK=n\nPER_VMA_LOCK is n: .*SMP is n\n {2}- SMP is n: .*\n$/);
    expect((await run('resolve --symbol PER_VMA_LOCK --set SMP=n'.split(' '))).out).toBe(out);
  });

  it('say it for programs', async () => {
    const { out } = await run('why CONFIG_PER_VMA_LOCK --set SMP=y --format json'.split(' '));
    expect(JSON.parse(out)).toMatchObject({ name: 'PER_VMA_LOCK', value: 'y', cause: 'default' });
  });
});

describe('kmatrix resolve with the Kconfig of another project', () => {
  const file = (name: string, text: string): void => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  };

  it('reads what older tools take', async () => {
    file('older/Kconfig', 'config A\n\tbool "a"\n\t---help---\n\t  text\n');
    expect((await inDir('resolve --kconfig older/Kconfig --set A=y')).out).toContain('CONFIG_A=y');
    file('wrong/Kconfig', 'config A\n\tbool "a"\n\t---help---\n\t  text\nfoo bar baz\n');
    const { code, err } = await inDir('resolve --kconfig wrong/Kconfig');
    expect([code, err.includes('wrong/Kconfig:5:'), err.includes('Kconfig:3')]).toEqual([
      2,
      true,
      false,
    ]);
  });

  it('reads it as the conf does that lies with it, where that is called, with its variables', async () => {
    file('own/Makefile', '');
    file('own/util/kconfig/confdata.c', '');
    file(
      'own/src/Kconfig',
      'source "parts/$ARCH/Kconfig"\nconfig A\n\tstring "a"\n\tdefault "$(X)"\n',
    );
    file('own/parts/x86/Kconfig', 'config B\n\tdef_bool y\n');
    const { code, err } = await inDir('resolve --kconfig own/src/Kconfig');
    expect([code, err]).toEqual([2, expect.stringContaining('the variable ARCH is not set')]);
    const { out } = await inDir('resolve --kconfig own/src/Kconfig --env ARCH=x86');
    // Up to 4.17 there were no macros.
    expect(out.split('\n').slice(-3, -1)).toEqual(['CONFIG_B=y', 'CONFIG_A="$(X)"']);
  });

  it('wants variables as they are assigned, and for such a file only', async () => {
    expect((await inDir('resolve --kconfig Kconfig --env ARCH')).err).toContain('NAME=value');
    expect((await inDir('resolve --env ARCH=x86')).err).toContain('--env goes with --kconfig only');
  });
});
