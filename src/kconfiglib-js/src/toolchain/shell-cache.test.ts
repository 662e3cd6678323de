import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ShellCache } from './shell-cache.ts';

const root = mkdtempSync(join(tmpdir(), 'kconf-shell-cache-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Files must have been left alone for a moment before answers about them are kept. */
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 120));

let made = 0;
let dir: string;
let env: Record<string, string>;
const errors: string[] = [];
beforeEach(() => {
  dir = join(root, String(made++));
  mkdirSync(join(dir, 'bin'), { recursive: true });
  mkdirSync(join(dir, 'first'));
  env = { PATH: `${dir}/first:${dir}/bin:/usr/bin:/bin`, LC_ALL: 'C' };
  errors.length = 0;
});

function tool(path: string, text: string): void {
  writeFileSync(join(dir, path), `#!/bin/sh\n${text}\n`);
  chmodSync(join(dir, path), 0o755);
}

/** What one process would get, and how often the tool ran in all. */
function ask(command: string, more: Record<string, string> = {}): string | undefined {
  const cache = new ShellCache({
    directory: join(dir, 'cache'),
    env: { ...env, ...more },
    cwd: dir,
    stderr: (text) => errors.push(text),
  });
  const answer = cache.shell({ command, span: { file: 'Kconfig', line: 1, column: 1 } });
  cache.save();
  return answer;
}

const COUNTING = 'echo x >> "$COUNT"; wc -l < "$COUNT"; echo heard >&2';

describe('the cache of shell answers', () => {
  it('answers the next process without running anything, with the same output', async () => {
    tool('bin/probe', COUNTING);
    await settle();
    const more = { COUNT: join(dir, 'count') };
    expect(ask('probe', more)).toBe('1');
    expect(ask('probe', more)).toBe('1');
    expect(errors).toEqual(['heard\n', 'heard\n']);
  });

  it('is of no use when the tool changed, even with the time set back', async () => {
    tool('bin/probe', 'echo one');
    utimesSync(join(dir, 'bin/probe'), 1e9, 1e9);
    await settle();
    expect(ask('probe')).toBe('one');
    tool('bin/probe', 'echo two');
    utimesSync(join(dir, 'bin/probe'), 1e9, 1e9);
    expect(ask('probe')).toBe('two');
  });

  it('notices a tool that comes earlier in PATH, and one that was not there', async () => {
    tool('bin/probe', 'echo later');
    await settle();
    expect(ask('probe')).toBe('later');
    tool('first/probe', 'echo earlier');
    expect(ask('probe')).toBe('earlier');
    expect(ask('$TOOL 2>/dev/null || echo none', { CC: 'absent', TOOL: 'absent' })).toBe('none');
    tool('bin/absent', 'echo there');
    expect(ask('$TOOL 2>/dev/null || echo none', { CC: 'absent', TOOL: 'absent' })).toBe('there');
  });

  it('notices another environment, another file, and what the compiler runs', async () => {
    tool('bin/probe', 'echo $ARCH; test -e marker && echo marked');
    tool(
      'bin/cc',
      `case "$1" in -print-prog-name=as) echo "${dir}/bin/hidden";; -c) hidden;; esac`,
    );
    tool('bin/hidden', 'echo old');
    await settle();
    expect(ask('probe; test -e marker', { ARCH: 'a' })).toBe('a');
    expect(ask('probe; test -e marker', { ARCH: 'b' })).toBe('b');
    writeFileSync(join(dir, 'marker'), '');
    expect(ask('probe; test -e marker', { ARCH: 'b' })).toBe('b marked');
    expect(ask('cc -c', { CC: 'cc' })).toBe('old');
    tool('bin/hidden', 'echo new');
    expect(ask('cc -c', { CC: 'cc' })).toBe('new');
  });

  it('never keeps what depends on more than files, and survives a damaged file', async () => {
    await settle();
    expect(ask('date +%s%N')).not.toBe(ask('date +%s%N'));
    tool('bin/probe', COUNTING);
    await settle();
    const more = { COUNT: join(dir, 'count') };
    expect(ask('probe', more)).toBe('1');
    const { readdirSync } = await import('node:fs');
    for (const name of readdirSync(join(dir, 'cache')))
      writeFileSync(join(dir, 'cache', name), '{"schema":1,"answers":{"probe":7}}');
    expect(ask('probe', more)).toBe('2');
  });
});
