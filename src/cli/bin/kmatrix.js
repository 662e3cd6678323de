#!/usr/bin/env node
// Plain JavaScript in a dialect old Node versions parse: it runs before anything else is known. CommonJS, see package.json
// beside it: Node starts its loader of modules only where one is imported.
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const oldest = [22, 12];
const tooOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);

if (tooOld) {
  const node = installedNode(__dirname);
  if (node) runWith(node);
  else {
    fail(
      `kmatrix needs Node.js ${oldest.join('.')} or newer and this is ${process.version}: ` +
        'run "npm ci" in its folder, which brings one along on Linux, or install a newer Node.js.',
    );
  }
} else run();

async function run() {
  // React picks its development build, which is slower, unless this is set before it is imported.
  process.env.NODE_ENV ??= 'production';
  const root = join(__dirname, '..', '..', '..');
  const dist = join(root, 'dist');
  const main = join(dist, 'cli', 'main.js');
  const bundle = bundleOf(root, dist);
  if (!bundle && !existsSync(main)) {
    fail(
      'kmatrix is not built yet: run "npm ci" in its folder (or "npm run build" after a change of its sources).',
    );
    return;
  }
  const { start } = bundle
    ? bundle.require('./kmatrix.cjs')
    : await import('../../../dist/cli/main.js');
  await start();
  if (bundle) bundle.keepCode(workOf(process.argv.slice(2)));
}

/** The bundle, if there is one, and it is of what the compiler has written last. Stacks are told in lines of the modules. */
function bundleOf(root, dist) {
  const loader = join(root, 'src', 'kconfiglib-js', 'bin', 'bundle.js');
  if (process.env.KMATRIX_DEBUG || !existsSync(loader)) return undefined;
  const { Bundle, isBundled } = require(loader);
  const directory = join(dist, 'bundle');
  const builds = [
    join(dist, 'app.tsbuildinfo'),
    join(root, 'src', 'kconfiglib-js', 'dist', 'tsconfig.tsbuildinfo'),
  ];
  return isBundled(join(directory, 'kmatrix.cjs'), builds)
    ? new Bundle(directory, 'kmatrix')
    : undefined;
}

/** What decides which code a command line needs: the command and which options it is given. */
function workOf([first = '', ...rest]) {
  const options = [first, ...rest].filter((word) => word.startsWith('--'));
  const names = new Set(options.map((option) => option.split('=', 1)[0]));
  return [first.startsWith('-') ? '' : first, ...[...names].sort()].join(' ').slice(0, 80);
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
  const { spawn } = require('node:child_process');
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
