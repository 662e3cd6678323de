// The loader of a command whose modules were put into a few files. Plain CommonJS, as the scripts that use it.

/**
 * Modules of Node without `import`, which would also load whatever their exports are that are loaded when somebody asks
 * for them: with node:fs a quarter of the time in which Node starts.
 */
const builtin = process.getBuiltinModule;
const fs = builtin('node:fs');
const { dirname, join } = builtin('node:path');

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
  #packages;

  /** The files in a directory; their code is kept in a folder of this name where the user's caches lie. */
  constructor(directory, name) {
    const home = cacheHome();
    this.#directory = directory;
    this.#cache = home && join(home, name, 'code');
  }

  /** What a file of the bundle, a module of Node or a package that was left out of the bundle exports. */
  require = (name) => {
    if (!name.startsWith('./')) return builtin(name) ?? this.#package(name);
    const module = this.#exports.get(name) ?? { exports: {} };
    if (!this.#exports.has(name)) {
      this.#exports.set(name, module);
      this.#run(name, module);
    }
    return module.exports;
  };

  #package(name) {
    const { createRequire } = builtin('node:module');
    this.#packages ??= createRequire(join(this.#directory, 'any.cjs'));
    return this.#packages(name);
  }

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
        makeFolder(this.#cache);
        fs.writeFileSync(temporary, Buffer.concat([line, code, code]), { mode: 0o600 });
        fs.renameSync(temporary, join(this.#cache, name));
      } catch {
        // Without a cache the next run compiles again, and that is all.
      }
    }
  }
}

/** A folder of the user and those above it; src/files/make-folder.ts says why not by Node's own means. */
function makeFolder(path) {
  try {
    fs.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (error.code === 'EEXIST') return;
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    fs.mkdirSync(path, { mode: 0o700 });
  }
}

/** Where caches of the user lie; undefined if none are wanted. */
function cacheHome() {
  const { XDG_CACHE_HOME: base, HOME: home, NODE_DISABLE_COMPILE_CACHE: off } = process.env;
  if (off) return undefined;
  return base?.startsWith('/') ? base : home?.startsWith('/') ? join(home, '.cache') : undefined;
}

/** Was a file of the bundle written after all of these, which the compiler writes last. */
function isBundled(file, builds) {
  const [bundle, ...built] = [file, ...builds].map(
    (path) => fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return built.every((time) => bundle > time);
}

module.exports = { Bundle, isBundled };
