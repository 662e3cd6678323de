// Compiles what a usual run of the command is mostly about (src/parse/wasm and src/batch/wasm, written in AssemblyScript) to WebAssembly.
// Run after `tsc -b`. Without it, the command does the same in JavaScript.
import { fileURLToPath } from 'node:url';
import { compileWasm } from './compile-wasm.js';

const root = fileURLToPath(new URL('.', import.meta.url));
await compileWasm(root, 'src/batch/wasm/index.ts', 'dist/batch.wasm');
await compileWasm(root, 'src/parse/wasm/index.ts', 'dist/parse.wasm');
