// Compiles what goes through every byte of files (source/wasm and scan/wasm, written in AssemblyScript) to WebAssembly. Run
// after `tsc -b`. Without it the same is done in JavaScript.
import { fileURLToPath } from 'node:url';
import { compileWasm } from '../kconfiglib-js/compile-wasm.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
await compileWasm(root, 'src/tree/source/wasm/index.ts', 'dist/thin.wasm');
await compileWasm(root, 'src/tree/scan/wasm/index.ts', 'dist/hits.wasm');
