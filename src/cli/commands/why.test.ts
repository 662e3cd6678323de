import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../test-io.test-util.ts';

const dir = mkdtempSync(join(tmpdir(), 'kmatrix-why-'));
afterAll(() => rmSync(dir, { recursive: true }));
writeFileSync(
  join(dir, 'Kconfig'),
  [
    'config BUS\n\tbool "bus"',
    'config CORE\n\tbool\n\tdepends on BUS',
    'config NAME\n\tstring "name"',
    'config DRIVER\n\tbool "driver"\n\tdepends on BUS && NAME = "it\'s"\n\tselect CORE',
    'config NEVER\n\tbool "never"\n\tdepends on CORE && !BUS',
    '',
  ].join('\n'),
);

async function why(line: string, ...more: string[]) {
  const done = await run(['why', ...line.split(' '), '--kconfig', 'Kconfig', ...more], {
    cwd: dir,
  });
  return { ...done, out: done.out.replaceAll(`${dir}/`, '') };
}

describe('kmatrix why --want', () => {
  it('names the settings, ready to paste, and where their prompts are', async () => {
    const { code, out, err } = await why('DRIVER --want y');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(
      [
        'For DRIVER=y, these 3 settings would do; fewer settings do not do:',
        '  --set DRIVER=y        now n (Kconfig:9)',
        "  --set 'NAME=it'\\''s'  now empty (Kconfig:7)",
        '  --set BUS=y           now n (Kconfig:2)',
        '',
      ].join('\n'),
    );
  });

  it('starts from the settings given, and says when nothing is to do', async () => {
    const set = ['--set', 'BUS=y', '--set', "NAME=it's"];
    expect((await why('DRIVER --want y', ...set)).out).toContain('this setting would do:\n');
    const { code, out } = await why('CONFIG_BUS --want y', ...set);
    expect(code).toBe(0);
    expect(out).toMatch(/\nBUS=y holds already\.\n$/);
  });

  it('answers for an option whose --set had no effect', async () => {
    const { code, out, err } = await why('DRIVER --want y', '--set', 'DRIVER=y');
    expect(code).toBe(0);
    expect(err).toContain('--set DRIVER=y does not take effect');
    expect(out).toContain('these 2 settings would do');
  });

  it('says which lines exclude a value, with exit code 1', async () => {
    const { code, out } = await why('NEVER --want y');
    expect(code).toBe(1);
    expect(out).toContain('NEVER=y cannot be had; these together exclude it:\n  - NEVER can only');
    expect(out).toContain('(Kconfig:13), which needs CORE && !BUS');
    const kept = await why('DRIVER --want y --keep BUS');
    expect(kept.code).toBe(1);
    expect(kept.out).toContain('\n  - you keep BUS=n\n');
    expect((await why('BUS --want 7')).out).toContain("has no value '7'");
  });

  it('says it for programs', async () => {
    const { out } = await why('CORE --want y --format json');
    expect(JSON.parse(out)).toMatchObject({
      name: 'CORE',
      value: 'n',
      want: 'y',
      plan: { possible: true, verified: true, cost: 3, minimal: true },
    });
  });
});
