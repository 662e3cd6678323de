#!/usr/bin/env node
// Plain JavaScript that any Node can start: hands over to a newer Node where the running one is too old. CommonJS, see
// package.json beside it: Node starts its loader of modules only where one is imported, and that takes 2 ms.

const { join } = process.getBuiltinModule?.('node:path') ?? {};

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 12)) run();
else handOver();

async function run() {
  const dist = join(__dirname, '..', 'dist');
  const { Bundle, isBundled } = require('./bundle.js');
  const bundled = isBundled(join(dist, 'bundle/kconf.cjs'), [join(dist, 'tsconfig.tsbuildinfo')]);
  const bundle = bundled && new Bundle(join(dist, 'bundle'), 'kconfiglib-js');
  const { start } = bundle ? bundle.require('./kconf.cjs') : await import('../dist/cli/start.js');
  const { code, work, leave } = await start(process.argv.slice(2));
  if (bundle) bundle.keepCode(work);
  leave();
  process.exit(code);
}

async function handOver() {
  const node = await newerNode(__filename);
  if (node === undefined) {
    process.stderr.write(`kconf needs Node 22.12 or newer; this is ${process.versions.node}.\n`);
    process.exit(2);
  }
  const { spawnSync } = await import('node:child_process');
  const result = spawnSync(node, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(result.status ?? 1);
}

/** The Node that an installation of the package brings along, looked for upwards from a file. */
async function newerNode(file) {
  const { existsSync } = await import('node:fs');
  const { dirname, join } = await import('node:path');
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    const candidate = join(dir, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
    if (existsSync(candidate)) return candidate;
    if (dir === dirname(dir)) return undefined;
  }
}
