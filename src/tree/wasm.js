// Compiles what goes through every byte of large files (source/wasm, written in AssemblyScript) to WebAssembly, as
// ../kconfiglib-js/wasm.js does. Run after `tsc -b`. Without it the same is done in JavaScript.
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { error, stderr } = await main([
  'src/tree/source/wasm/index.ts',
  '--baseDir',
  root,
  '--outFile',
  'dist/thin.wasm',
  // No heap and no objects: memory is laid out by hand, and belongs to whoever calls.
  '--runtime',
  'stub',
  '--importMemory',
  '--noAssert',
  '--enable',
  'simd',
  '-O3',
]);
if (error) {
  process.stderr.write(stderr.toString());
  process.exitCode = 1;
}
