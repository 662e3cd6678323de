import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseArguments } from '../arguments.ts';
import { run } from '../test-io.test-util.ts';
import { recordToolchainCommand } from './record-toolchain.ts';

const env = { PATH: process.env.PATH };

describe('record-toolchain', () => {
  let tree: string;
  let ran: string;

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'kmatrix-record-'));
    ran = join(tree, 'ran');
    mkdirSync(join(tree, 'arch/x86'), { recursive: true });
    writeFileSync(join(tree, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 12\n');
    writeFileSync(join(tree, 'arch/x86/Kconfig'), 'config X86\n\tdef_bool y\n');
    writeFileSync(
      join(tree, 'Kconfig'),
      `answer = $(shell,touch ${ran}; echo $(1) && echo "y" >/dev/null)\n` +
        'config WORD\n\tstring\n\tdefault "$(answer,hello)"\nconfig CC_IS\n\tstring\n\tdefault "$(CC)"\n' +
        'source "arch/x86/Kconfig"\n',
    );
  });
  afterEach(() => rmSync(tree, { recursive: true, force: true }));

  it('runs nothing unless told to', async () => {
    const { code, out, err } = await run(['record-toolchain', '--tree', tree], { env });
    expect([code, out, existsSync(ran)]).toEqual([2, '', false]);
    expect(err).toContain(`This runs shell commands and scripts of ${tree} on this machine.`);
    expect(err).toContain('--yes');
  });

  it('asks at a terminal', async () => {
    const lines: string[] = [];
    const output = { write: (text: string) => lines.push(text) };
    for (const answer of [false, true]) {
      const command = recordToolchainCommand(() => answer);
      const io = { stdout: output, stderr: output, stdin: { isTTY: true }, cwd: tree, env };
      const args = parseArguments(command, []);
      const code = await command.run({ io, args, signal: new AbortController().signal });
      expect([code, existsSync(ran)]).toEqual(answer ? [0, true] : [1, false]);
    }
    expect(lines.join('')).toContain('Run them? [y/N] Nothing was run.');
  });

  it('records a profile that other commands take', async () => {
    const file = join(tree, 'gcc.json');
    const argv = ['record-toolchain', '--tree', tree, '--yes', '--out', file];
    const { code, out, err } = await run(argv, { env: { ...env, CC: 'mycc' } });
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/\d answers recorded for x86_64\.\n$/);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      schema: 1,
      environment: { CC: 'mycc' },
      answers: { 'answer(hello)': 'hello' },
    });
    rmSync(ran);
    const config = (...more: string[]) =>
      run(['resolve', '--tree', tree, '--format', 'config', ...more], { env });
    const known = await config('--toolchain', file);
    expect(known.out).toContain('CONFIG_WORD="hello"\nCONFIG_CC_IS="mycc"');
    expect(known.err).toBe('');
    const unknown = await config();
    expect(unknown.out).toContain('CONFIG_WORD=""');
    expect(unknown.err).toBe(
      'Kconfig:4: warning: no recorded answer to 1 question to the toolchain, taken for n, 0 or ' +
        'nothing; the first is answer(hello) (see kmatrix record-toolchain)\n',
    );
    // Whatever reads a tree as source, too.
    const surface = (...more: string[]) =>
      run(['surface', '--tree', tree, '--right', 'X86=y', ...more], { env });
    expect((await surface()).err).toContain('no recorded answer to 1 question');
    expect((await surface('--toolchain', file)).err).toBe('');
    const driver = join(tree, 'driver.c');
    writeFileSync(driver, 'int answer;\n');
    const check = (...more: string[]) =>
      run(['check', driver, '--tree', tree, '--config', 'defconfig', ...more], { env });
    expect((await check()).err).toContain('no recorded answer to 1 question');
    expect((await check('--toolchain', file)).err).not.toContain('no recorded answer');
    expect(existsSync(ran)).toBe(false);
  });

  it('says what is wrong with a tree or a profile', async () => {
    const none = await run(['record-toolchain', '--tree', join(tree, 'arch'), '--yes'], { env });
    expect([none.code, none.err]).toEqual([
      2,
      expect.stringContaining('does not look like a kernel tree'),
    ]);
    const file = join(tree, 'p.json');
    const resolve = (...argv: string[]) => run(['resolve', ...argv, '--toolchain', file], { env });
    expect((await resolve()).err).toContain('--toolchain goes with --tree only');
    writeFileSync(file, '{');
    expect((await resolve('--tree', tree)).err).toContain('is not JSON');
    writeFileSync(file, '{"schema": 2}');
    expect(await resolve('--tree', tree)).toMatchObject({
      code: 2,
      err: expect.stringContaining('has schema 2, expected 1'),
    });
  });
});
