import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/kconf.js', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'kconf-code-'));
afterAll(() => rmSync(home, { recursive: true }));

const kept = join(home, 'cache/kconfiglib-js/code/kconf.cjs');

/** A bundle that prints the sum of its arguments' lengths, and does a kind of work for each number of them. */
const KCONF = `(function (exports, require) {
  exports.start = async (argv) => {
    console.log(require('./sum.cjs').sum(argv));
    return { code: 3, work: String(argv.length), leave: () => {} };
  };
});`;
const SUM = `(function (exports) {
  exports.sum = (argv) => argv.reduce((sum, text) => sum + text.length, 0);
});`;

function write(name: string, text: string): void {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), text);
}

function run(...args: string[]): string {
  return runIn(join(home, 'cache'), ...args);
}

function runIn(cache: string, ...args: string[]): string {
  const options = { env: { PATH: process.env.PATH, XDG_CACHE_HOME: cache }, timeout: 20_000 };
  const result = spawnSync(process.execPath, [join(home, 'bin/kconf.js'), ...args], options);
  return `${result.stdout}${result.stderr}${result.status}`;
}

describe('the code kept of the command', { timeout: 60_000 }, () => {
  beforeEach(() => {
    rmSync(join(home, 'cache'), { recursive: true, force: true });
    write('package.json', '{ "type": "module" }');
    write('dist/tsconfig.tsbuildinfo', '');
    utimesSync(join(home, 'dist/tsconfig.tsbuildinfo'), 1, 1);
    cpSync(dirname(bin), join(home, 'bin'), { recursive: true });
    write('dist/bundle/kconf.cjs', KCONF);
    write('dist/bundle/sum.cjs', SUM);
  });

  it.each(['/proc/nothing', '/dev/null'])('is not kept in %s', (cache) => {
    expect(runIn(cache, 'ab', 'c')).toBe('3\n3');
  });

  it('is kept after the first run of each kind', () => {
    expect(run('ab', 'c')).toBe('3\n3');
    const first = statSync(kept).ino;
    expect(run('d', 'ef')).toBe('3\n3');
    expect(statSync(kept).ino).toBe(first);
    expect(run('abcd')).toBe('4\n3');
    expect(readFileSync(kept, 'utf8')).toContain('"works":["2","1"]');
  });

  it('does no harm when it is damaged', () => {
    run('ab');
    const whole = readFileSync(kept);
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 12)) {
      const damaged = Buffer.from(whole);
      damaged.fill(0x58, at, at + 16);
      writeFileSync(kept, damaged);
      expect(run('ab')).toBe('2\n3');
    }
    writeFileSync(kept, whole.subarray(0, whole.length >> 1));
    expect(run('ab')).toBe('2\n3');
  });

  it('is not that of another version of the bundle', () => {
    run('ab');
    write('dist/bundle/sum.cjs', SUM.replace(', 0)', ', 9)'));
    expect(run('ab')).toBe('11\n3');
  });
});
