// Puts the command into a few files: Node loads them in a fraction of the time that a module per file takes.
// Run after `tsc -b`. Without it, or when the compiler ran later, bin/kconf.js loads the modules one by one.
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { speedUp } from './bundle/speed-up.js';

const dist = fileURLToPath(new URL('dist/', import.meta.url));
const bundle = await rolldown({
  input: `${dist}cli/start.js`,
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  external: /^node:/,
  plugins: [speedUp(dist)],
  logLevel: 'warn',
});
await bundle.write({
  dir: `${dist}bundle`,
  // Functions that bin/kconf.js calls, not modules: so it can keep the code that V8 makes of them.
  format: 'cjs',
  banner: '(function (exports, require, module, __filename) {',
  footer: '})',
  entryFileNames: 'kconf.cjs',
  chunkFileNames: '[name].cjs',
  cleanDir: true,
  // Without comments and blanks; names stay, for whoever reports a fault.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
});
