#!/usr/bin/env node
// Plain JavaScript in a dialect old Node versions parse: it runs before anything else is known.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const oldest = [22, 12];
const tooOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
const here = dirname(fileURLToPath(import.meta.url));

if (tooOld) {
  const node = installedNode(here);
  if (node) runWith(node);
  else {
    fail(
      `kmatrix needs Node.js ${oldest.join('.')} or newer and this is ${process.version}: ` +
        'run "npm ci" in its folder, which brings one along on Linux, or install a newer Node.js.',
    );
  }
} else {
  // React picks its development build, which is slower, unless this is set before it is imported.
  process.env.NODE_ENV ??= 'production';
  const main = join(here, '..', '..', '..', 'dist', 'cli', 'main.js');
  if (existsSync(main)) {
    const cache = cacheHome();
    if (cache) module.enableCompileCache(join(cache, 'kmatrix', 'code'));
    const { start } = await import('../../../dist/cli/main.js');
    await start();
  } else {
    fail(
      'kmatrix is not built yet: run "npm ci" in its folder (or "npx tsc -b" after a change of its sources).',
    );
  }
}

/** Where caches of the user lie; undefined if none are wanted. */
function cacheHome() {
  const { XDG_CACHE_HOME: base, HOME: home, NODE_DISABLE_COMPILE_CACHE: off } = process.env;
  if (off) return undefined;
  if (base && isAbsolute(base)) return base;
  return home && isAbsolute(home) ? join(home, '.cache') : undefined;
}

/** The Node.js that npm installed beside kmatrix, looked for in every node_modules above. */
function installedNode(start) {
  const name = `node-linux-${process.arch}`;
  for (let dir = start; ; dir = dirname(dir)) {
    const file = join(dir, 'node_modules', name, 'bin', 'node');
    if (process.platform === 'linux' && existsSync(file)) return file;
    if (dirname(dir) === dir) return undefined;
  }
}

function runWith(node) {
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child as well; it takes two that come together for one.
  const passed = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'];
  for (const signal of passed) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 70;
    else {
      for (const name of passed) process.removeAllListeners(name);
      process.kill(process.pid, signal);
    }
  });
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}
