// What the bundle changes in modules so that they work, and start sooner, as parts of a few files.
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseAst } from 'rolldown/parseAst';

/** Modules below a folder find their own files where they were, not where the bundle is. */
export function ownPlaces(folder, directory) {
  return {
    name: 'own-places',
    transform(code, id) {
      if (!id.startsWith(folder) || !code.includes('import.meta.url')) return null;
      const path = JSON.stringify(relative(directory, id).replaceAll('\\', '/'));
      return {
        code: code.replaceAll('import.meta.url', `new URL(${path}, import.meta.url)`),
        map: null,
      };
    },
  };
}

/** The parser of YAML is a file of the bundle that is loaded when the first YAML is read. */
export function parserApart() {
  const own = 'const require = createRequire(import.meta.url);';
  return {
    name: 'parser-apart',
    transform(code, id) {
      if (!id.endsWith('parse-yaml.js')) return null;
      if (!code.includes(own)) throw new Error(`${id} does not load its parser as it did`);
      return { code: code.replace(own, ''), map: null };
    },
    resolveId(source, importer) {
      if (source !== 'yaml' || importer === undefined) return null;
      return { id: './yaml.cjs', external: true };
    },
  };
}

const WASM = /"data:application\/octet-stream;base64,([^"]+)"/;

/**
 * The layout engine of Ink is ready as soon as its module was run. By itself it fetches its WebAssembly from an URL of
 * data, for which Node loads its HTTP client, and is waited for.
 */
export function layoutAtOnce() {
  return {
    name: 'layout-at-once',
    load(id) {
      if (!/yoga-layout[/\\]dist[/\\]src[/\\]index\.js$/.test(id)) return null;
      const binary = join(dirname(id), '../binaries/yoga-wasm-base64-esm.js');
      const wasm = WASM.exec(readFileSync(binary, 'utf8'))?.[1];
      if (wasm === undefined) throw new Error(`${binary} has no WebAssembly where it was`);
      return `
        import loadYoga from ${JSON.stringify(pathToFileURL(binary).pathname)};
        import wrapAssembly from './wrapAssembly.js';
        const lib = {
          instantiateWasm(imports, done) {
            const module = new WebAssembly.Module(Buffer.from('${wasm}', 'base64'));
            const instance = new WebAssembly.Instance(module, imports);
            done(instance, module);
            return instance.exports;
          },
        };
        loadYoga(lib);
        export default wrapAssembly(lib);
        export * from './generated/YGEnums.js';
      `;
    },
    transform(code, id) {
      return id.endsWith('yoga-wasm-base64-esm.js')
        ? { code: code.replace(WASM, '""'), map: null }
        : null;
    },
  };
}

/** Ink without what it waits for under DEV=true: the devtools of React. */
export function noDevtools() {
  return {
    name: 'no-devtools',
    transform(code, id) {
      if (!/ink[/\\]build[/\\]reconciler\.js$/.test(id)) return null;
      const development = parseAst(code).body.filter(
        ({ type, start, test }) =>
          type === 'IfStatement' && code.slice(start, test.end).includes("process.env['DEV']"),
      );
      let out = code;
      for (const { start, end } of development.reverse())
        out = out.slice(0, start) + out.slice(end);
      return { code: out, map: null };
    },
  };
}

/**
 * The engine is loaded when a tree is asked what its configurations allow: most of what is asked of one are its mentions of
 * options, and the engine is larger than all that finds them.
 */
export function engineLater(engine) {
  return {
    name: 'engine-later',
    generateBundle(_options, files) {
      const chunks = Object.values(files).filter(({ type }) => type === 'chunk');
      const isOf = ({ moduleIds }) => moduleIds.every((id) => id.startsWith(engine));
      const own = new Set(chunks.filter(isOf).map(({ fileName }) => `./${fileName}`));
      const asking = chunks.find(({ moduleIds }) => moduleIds.some((id) => ASKING.test(id)));
      const names = [];
      asking.code = asking.code.replace(REQUIRED, (all, name, from) => {
        if (!own.has(from)) return all;
        names.push(name);
        return `const ${name} = { get own() {
          const value = require("${from}");
          Object.defineProperty(this, "own", { value });
          return value;
        } };`;
      });
      if (names.length === 0)
        throw new Error(`${asking.fileName} does not load the engine as it did`);
      asking.code = asking.code.replace(
        new RegExp(`\\b(?:${names.join('|')})(?=\\.)`, 'g'),
        '$&.own',
      );
    },
  };
}

const ASKING = /tree[/\\]refs[/\\]architectures\.js$/;
const REQUIRED = /const (require_\w+) = require\("([^"]+)"\);/g;

/**
 * Characters that need two bytes, written as escapes: V8 keeps the source in every thread that loads it, and with one such
 * character all of it takes twice the room.
 */
export function narrowText() {
  return {
    name: 'narrow-text',
    generateBundle(_options, files) {
      for (const [name, file] of Object.entries(files)) {
        if (file.type !== 'chunk' || !WIDE.test(file.code)) continue;
        if (/\\[\u0100-\uffff]|String\.raw`[^`]*[\u0100-\uffff]/.test(file.code))
          throw new Error(`${name}: an escape would not mean what is written`);
        file.code = file.code.replace(
          new RegExp(WIDE, 'g'),
          (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
      }
    },
  };
}

const WIDE = /[\u0100-\uffff]/;

/** A script that runs a file of the bundle. */
export function threadScript(name) {
  return `const { Bundle } = require('../../src/kconfiglib-js/bin/bundle.js');
const bundle = new Bundle(__dirname, 'kmatrix');
bundle.require('./${name}.cjs');
`;
}

/** The same for a process, which keeps the code for the next one. */
export function startScript(name) {
  return `${threadScript(name)}process.on('exit', () => bundle.keepCode('${name}'));
`;
}
