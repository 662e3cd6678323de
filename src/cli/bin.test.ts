import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packagePath } from '../input/index.ts';

const root = mkdtempSync(join(tmpdir(), 'kmatrix-bin-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A package with nothing but the start script and, if asked for, a program and a Node.js beside it. */
function pack(name: string, parts: { readonly dist: boolean; readonly node: boolean }): string {
  const dir = join(root, name);
  const bin = join(dir, 'src', 'cli', 'bin', 'kmatrix.js');
  cpSync(packagePath('src', 'cli', 'bin'), dirname(bin), { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{"type": "module"}');
  if (parts.dist) {
    mkdirSync(join(dir, 'dist', 'cli'), { recursive: true });
    writeFileSync(join(dir, 'dist', 'cli', 'main.js'), PROGRAM);
  }
  if (parts.node) {
    mkdirSync(join(dir, 'node_modules'));
    symlinkSync(packagePath('node_modules', NODE), join(dir, 'node_modules', NODE));
  }
  return bin;
}

const NODE = `node-linux-${process.arch}`;

/** Says how it was started, then ends with 3, or waits to be ended. */
const PROGRAM = `export async function start() {
  const major = Number(process.versions.node.split('.')[0]);
  console.log(JSON.stringify({ recent: major >= 22, env: process.env.NODE_ENV, argv: process.argv.slice(2) }));
  if (process.argv[2] === 'wait') setTimeout(() => {}, 60_000);
  else process.exitCode = 3;
}`;

/** A Node.js too old for kmatrix, if this machine has one. */
const old = ['/usr/bin/node', '/usr/local/bin/node'].find((node) => {
  try {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
    return Number(/^v(\d+)/.exec(version)?.[1]) < 22;
  } catch {
    return false;
  }
});

function start(node: string, bin: string, ...argv: string[]) {
  const env = { PATH: process.env.PATH ?? '' };
  const { status, stdout, stderr } = spawnSync(node, [bin, ...argv], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

describe('the start script', () => {
  it('runs the program for production and passes its exit code on', () => {
    const ran = start(process.execPath, pack('plain', { dist: true, node: false }), 'a b', '--c');
    expect(ran).toEqual({
      status: 3,
      stdout: '{"recent":true,"env":"production","argv":["a b","--c"]}\n',
      stderr: '',
    });
  });

  it('says what to do where kmatrix is not built', () => {
    const ran = start(process.execPath, pack('unbuilt', { dist: false, node: false }));
    expect(ran).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'kmatrix is not built yet: run "npm ci" in its folder (or "npm run build" after a change of its sources).\n',
    });
  });
});

describe('the bundle', () => {
  const BUNDLE = `(function (exports, require) {
    exports.start = async () => console.log('bundled', require('./part.cjs').length, require('node:path').sep);
  })`;
  const bin = pack('bundled', { dist: true, node: false });
  const dir = join(root, 'bundled');
  const loader = join('src', 'kconfiglib-js', 'bin');
  cpSync(packagePath(loader), join(dir, loader), { recursive: true });
  mkdirSync(join(dir, 'dist', 'bundle'));
  writeFileSync(join(dir, 'dist', 'bundle', 'kmatrix.cjs'), BUNDLE);
  const part = '(function (exports, require, module) { module.exports = [1, 2]; })';
  writeFileSync(join(dir, 'dist', 'bundle', 'part.cjs'), part);
  const built = (seconds: number): void => {
    const file = join(dir, 'dist', 'app.tsbuildinfo');
    writeFileSync(file, '');
    utimesSync(file, seconds, seconds);
  };
  const run = (more: NodeJS.ProcessEnv = {}): string => {
    const env = { PATH: process.env.PATH, XDG_CACHE_HOME: join(dir, 'cache'), ...more };
    return spawnSync(process.execPath, [bin], { encoding: 'utf8', env }).stdout;
  };

  it('is what runs, and the code of its files is kept', () => {
    built(1);
    expect(run()).toBe('bundled 2 /\n');
    const kept = readdirSync(join(dir, 'cache', 'kmatrix', 'code'));
    expect(kept.sort()).toEqual(['kmatrix.cjs', 'part.cjs']);
    expect(run()).toBe('bundled 2 /\n');
  });

  it('is left alone when the compiler ran later, and where stacks are wanted', () => {
    built(Date.now() / 1000 + 60);
    expect(run()).toMatch(/^{"recent":true/);
    built(1);
    expect(run({ KMATRIX_DEBUG: '1' })).toMatch(/^{"recent":true/);
  });
});

describe.skipIf(old === undefined)('the start script on a Node.js that is too old', () => {
  it('goes on with the one npm installed', () => {
    const ran = start(old ?? '', pack('old', { dist: true, node: true }), 'x');
    expect(ran).toEqual({
      status: 3,
      stdout: '{"recent":true,"env":"production","argv":["x"]}\n',
      stderr: '',
    });
  });

  it('says what is needed where there is none', () => {
    const ran = start(old ?? '', pack('lost', { dist: true, node: false }));
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/^kmatrix needs Node\.js 22\.12 or newer and this is v\d.*\n$/);
  });

  it('passes signals on, and dies of what the program died of', async () => {
    const bin = pack('signal', { dist: true, node: true });
    const child = spawn(old ?? '', [bin, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
  });
});

it('has the workers where the bundle looks for them', () => {
  const bundle = packagePath('dist', 'bundle');
  const named = readdirSync(bundle)
    .filter((file) => file.endsWith('.cjs'))
    .flatMap((file) => [
      ...readFileSync(join(bundle, file), 'utf8').matchAll(/"([^"\s]+\.worker\.js)"/g),
    ])
    .map(([, path]) => path as string);
  expect(named.length).toBeGreaterThan(0);
  for (const path of named) expect(existsSync(join(bundle, path)), path).toBe(true);
});
