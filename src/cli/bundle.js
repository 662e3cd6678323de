// Puts kmatrix and the packages it is made of into a few files: Node loads them in a fraction of the time that a module
// per file takes. Run after `tsc -b`. Without it, or when the compiler ran later, bin/kmatrix.js loads the modules.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { speedUp } from '../kconfiglib-js/bundle/speed-up.js';
import {
  engineLater,
  layoutAtOnce,
  narrowText,
  noDevtools,
  ownPlaces,
  parserApart,
  startScript,
  threadScript,
} from './bundle/plugins.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist/');
const engine = join(root, 'src/kconfiglib-js/dist/');
const directory = join(dist, 'bundle');
// The compiler leaves what it made of a file that is there no more.
const threads = readdirSync(dist, { recursive: true }).filter(
  (file) => file.endsWith('.worker.js') && existsSync(join(root, 'src', file.replace(/js$/, 'ts'))),
);

const bundle = await rolldown({
  input: {
    kmatrix: join(dist, 'cli/main.js'),
    yaml: 'yaml',
    // What benchmarks run is to start as kmatrix does.
    driver: join(dist, 'tui/testing/driver.js'),
    'scan-driver': join(dist, 'cli/testing/scan-driver.js'),
    ...Object.fromEntries(threads.map((file) => [basename(file, '.worker.js'), join(dist, file)])),
  },
  cwd: root,
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  // The parser of C finds its WebAssembly beside its own files.
  external: [/^node:/, 'web-tree-sitter'],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  // Modules of ours do nothing when they are loaded, so a face (index.ts) stands for those that are taken from it only.
  treeshake: { moduleSideEffects: (id) => !id.startsWith(dist) && !id.startsWith(engine) },
  plugins: [
    speedUp(engine),
    ownPlaces(engine, directory),
    parserApart(),
    engineLater(engine),
    layoutAtOnce(),
    noDevtools(),
    narrowText(),
  ],
  logLevel: 'warn',
});
rmSync(directory, { recursive: true, force: true });
await bundle.write({
  dir: directory,
  // Functions that the loader calls, not modules: so it can keep the code that V8 makes of them.
  format: 'cjs',
  banner: '(function (exports, require, module, __filename) {',
  footer: '})',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
  // Lines stay as they are, for whoever reports a fault.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: false } },
});
writeFileSync(join(directory, 'package.json'), '{ "type": "commonjs" }\n');
for (const file of threads)
  writeFileSync(join(directory, basename(file)), threadScript(basename(file, '.worker.js')));
for (const name of ['driver', 'scan-driver'])
  writeFileSync(join(directory, `${name}.js`), startScript(name));
