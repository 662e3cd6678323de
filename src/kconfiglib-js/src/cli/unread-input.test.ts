import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const kconf = fileURLToPath(new URL('../../bin/kconf.js', import.meta.url));

describe('a command that is piped more answers than it has questions', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'kconf-unread-'));
    writeFileSync(join(cwd, 'Kconfig'), 'config A\n\tbool "a"\n');
    writeFileSync(join(cwd, 'Wrong'), 'config A\n\tnonsense\n');
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  /** What a shell command prints, on a descriptor that its pipelines do not touch. */
  function printed(command: string): string {
    const env = { ...process.env, KCONF: `${process.execPath} ${kconf}` };
    return execFileSync('sh', ['-c', `trap '' PIPE; exec 3>&1; ${command}`], {
      cwd,
      env,
    }).toString();
  }

  it.each(['Kconfig', 'Wrong'])(
    'leaves nobody with a broken pipe before its end can be seen: %s',
    (tree) => {
      rmSync(join(cwd, 'ended'), { force: true });
      const writer =
        'yes "" 2>/dev/null | head -n 8192; until [ -e ended ]; do sleep 0.01; done; echo';
      const reader = `$KCONF --oldaskconfig ${tree} >/dev/null 2>&1; exec </dev/null; : >ended`;
      expect(printed(`{ ${writer} && echo whole >&3; } | { ${reader}; }`)).toBe('whole\n');
    },
  );

  it('lets a program that writes without end know', () => {
    const command = '{ yes "" 2>/dev/null; echo stopped >&3; } | $KCONF --oldaskconfig Kconfig';
    expect(printed(`${command} >/dev/null`)).toBe('stopped\n');
  });

  it('leaves the input alone in a mode that asks nothing', () => {
    const command = '$KCONF --olddefconfig Kconfig >/dev/null; read line; echo "$line" >&3';
    expect(printed(`echo kept | { ${command}; }`)).toBe('kept\n');
  });
});
