#!/usr/bin/env node
// Plain JavaScript that any Node can start: hands over to a newer Node where the running one is too old. CommonJS, see
// package.json beside it: Node starts its loader of modules only where one is imported, and that takes 2 ms.

/**
 * Modules of Node without `import`, which would also load whatever their exports are that are loaded when somebody asks
 * for them: with node:fs a quarter of the time in which Node starts. Older Nodes do not have this function.
 */
const builtin = process.getBuiltinModule;
const fs = builtin?.('node:fs');
const { join } = builtin?.('node:path') ?? {};

/** Bytes in front of the code in a file of the cache, which is there twice: a line of JSON with what it belongs to. */
const HEAD = 1024;

/**
 * The files of the bundle. The code that V8 makes of their functions is kept from run to run; the cache that Node has for
 * modules keeps only that of functions which are called while a module is loaded.
 */
class Bundle {
  #directory;
  #cache;
  #files = [];
  #exports = new Map();

  constructor(directory, cacheHome) {
    this.#directory = directory;
    this.#cache = cacheHome && join(cacheHome, 'kconfiglib-js', 'code');
  }

  /** What a file of the bundle or a module of Node exports. */
  require = (name) => {
    if (!name.startsWith('./')) return builtin(name);
    const module = this.#exports.get(name) ?? { exports: {} };
    if (!this.#exports.has(name)) {
      this.#exports.set(name, module);
      this.#run(name, module);
    }
    return module.exports;
  };

  #run(name, module) {
    const path = join(this.#directory, name);
    const { mtimeMs, size } = fs.statSync(path);
    const origin = [path, mtimeMs, size, process.version, process.arch].join(' ');
    const kept = this.#kept(name, origin);
    const options = { filename: path, cachedData: kept?.code };
    const script = new (builtin('node:vm').Script)(fs.readFileSync(path, 'utf8'), options);
    const works = kept && !script.cachedDataRejected ? kept.works : [];
    this.#files.push({ name, script, origin, works });
    script.runInThisContext()(module.exports, this.require, module, path);
  }

  /** Code that was kept for this very file, and the kinds of work it was kept after. */
  #kept(name, origin) {
    if (!this.#cache) return undefined;
    const path = join(this.#cache, name);
    try {
      const { uid, mode } = fs.statSync(path);
      if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined;
      const bytes = fs.readFileSync(path);
      const { works, ...head } = JSON.parse(bytes.toString('utf8', 0, HEAD));
      const code = bytes.subarray(HEAD, HEAD + head.length);
      // V8 does not look whether code is what it was, and one wrong byte can be its end. Nothing compares as many bytes
      // in as little time as this does, which needs no code of ours.
      const whole = code.equals(bytes.subarray(HEAD + head.length));
      return head.origin === origin && whole ? { works, code } : undefined;
    } catch {
      return undefined;
    }
  }

  /** After a kind of work that was not done before: keep the code of all functions that are compiled by now. */
  keepCode(work) {
    if (!this.#cache) return;
    for (const { name, script, origin, works } of this.#files) {
      if (works.includes(work)) continue;
      const code = script.createCachedData();
      const head = { origin, length: code.length, works: [...works.slice(-9), work] };
      const line = Buffer.from(JSON.stringify(head).padEnd(HEAD));
      const temporary = join(this.#cache, `.${process.pid}`);
      if (line.length > HEAD) continue;
      try {
        fs.mkdirSync(this.#cache, { recursive: true, mode: 0o700 });
        fs.writeFileSync(temporary, Buffer.concat([line, code, code]), { mode: 0o600 });
        fs.renameSync(temporary, join(this.#cache, name));
      } catch {
        // Without a cache the next run compiles again, and that is all.
      }
    }
  }
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 12)) run();
else handOver();

async function run() {
  const dist = join(__dirname, '..', 'dist');
  const bundle = isBundled(dist) && new Bundle(join(dist, 'bundle'), cacheHome());
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

/** Where caches of the user lie; undefined if none are wanted. */
function cacheHome() {
  const { XDG_CACHE_HOME: base, HOME: home, NODE_DISABLE_COMPILE_CACHE: off } = process.env;
  if (off) return undefined;
  return base?.startsWith('/') ? base : home?.startsWith('/') ? join(home, '.cache') : undefined;
}

/** Is there a bundle, and not one of an earlier build. */
function isBundled(dist) {
  const [bundle, build] = ['bundle/kconf.cjs', 'tsconfig.tsbuildinfo'].map(
    (name) => fs.statSync(join(dist, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return bundle > build;
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
