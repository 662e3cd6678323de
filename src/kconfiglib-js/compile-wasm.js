import { main } from 'assemblyscript/asc';

/** Compile a module written in AssemblyScript, paths from a folder. What is wrong is printed, and the process then fails. */
export async function compileWasm(root, source, module) {
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
  if (!error) return;
  process.stderr.write(stderr.toString());
  process.exitCode = 1;
}
