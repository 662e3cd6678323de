// Puts the command into a few files: Node loads them in a fraction of the time that a module per file takes.
// Run after `tsc -b`. Without it, or when the compiler ran later, bin/kconf.js loads the modules one by one.
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { speedUp } from './bundle/speed-up.js';

const dist = fileURLToPath(new URL('dist/', import.meta.url));
const bundle = await rolldown({
  input: `${dist}cli/start.js`,
  platform: 'node',
  external: /^node:/,
  plugins: [speedUp(dist)],
  logLevel: 'warn',
});
await bundle.write({
  dir: `${dist}bundle`,
  format: 'esm',
  entryFileNames: 'kconf.js',
  chunkFileNames: '[name].js',
  cleanDir: true,
  // Without comments and blanks; names stay, for whoever reports a fault.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
});
