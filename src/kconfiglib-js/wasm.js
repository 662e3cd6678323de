// Compiles what a usual run of the command is mostly about (src/parse/wasm and src/batch/wasm, written in AssemblyScript) to WebAssembly.
// Run after `tsc -b`. Without it, the command does the same in JavaScript.
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = fileURLToPath(new URL('.', import.meta.url));
for (const [source, module] of [
  ['src/batch/wasm/index.ts', 'dist/batch.wasm'],
  ['src/parse/wasm/index.ts', 'dist/parse.wasm'],
]) {
  const { error, stderr } = await main([
    source,
    '--baseDir',
    root,
    '--outFile',
    module,
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
}
