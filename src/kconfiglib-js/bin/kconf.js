#!/usr/bin/env node
// Plain JavaScript that any Node can start: hands over to a newer Node where the running one is too old.
import { existsSync, statSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const here = dirname(fileURLToPath(import.meta.url));

if (major > 22 || (major === 22 && minor >= 12)) {
  const cache = cacheHome();
  if (cache) module.enableCompileCache(join(cache, 'kconfiglib-js', 'code'));
  const { start } = await import(`../dist/${isBundled() ? 'bundle/kconf.js' : 'cli/start.js'}`);
  process.exit(await start(process.argv.slice(2)));
} else {
  const node = newerNode(here);
  if (node === undefined) {
    process.stderr.write(`kconf needs Node 22.12 or newer; this is ${process.versions.node}.\n`);
    process.exit(2);
  }
  const { spawnSync } = await import('node:child_process');
  const result = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exit(result.status ?? 1);
}

/** Where caches of the user lie; undefined if none are wanted. */
function cacheHome() {
  const { XDG_CACHE_HOME: base, HOME: home, NODE_DISABLE_COMPILE_CACHE: off } = process.env;
  if (off) return undefined;
  return base?.startsWith('/') ? base : home?.startsWith('/') ? join(home, '.cache') : undefined;
}

/** Is there a bundle, and not one of an earlier build. */
function isBundled() {
  const [bundle, build] = ['bundle/kconf.js', 'tsconfig.tsbuildinfo'].map(
    (name) => statSync(join(here, '..', 'dist', name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return bundle > build;
}

/** The Node that an installation of the package brings along, looked for upwards from here. */
function newerNode(start) {
  for (let dir = start; ; dir = dirname(dir)) {
    const candidate = join(dir, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
    if (existsSync(candidate)) return candidate;
    if (dir === dirname(dir)) return undefined;
  }
}
