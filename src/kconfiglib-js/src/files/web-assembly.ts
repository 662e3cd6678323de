import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The little of WebAssembly that is used here; Node has it, and the types of Node do not. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => WasmMemory;
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** The memory of a module. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

const PAGE = 1 << 16;

/** A memory of that many bytes, which cost nothing as long as they are not written. Throws where there can be none. */
export function newMemory(bytes: number): WasmMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
}

/** What a module exports. */
export function instantiate<Exports>(
  code: Uint8Array,
  imports: Record<string, Record<string, unknown>>,
): Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(code), imports).exports as Exports;
}

/** A compiled module: beside the folder of this module or of the bundle, or where the build put it. */
export function readBuilt(name: string, binding: string): Uint8Array | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return (
    readIfCurrent(join(here, '..'), name, binding) ??
    readIfCurrent(join(here, '../../dist'), name, binding)
  );
}

/**
 * A module in a folder of what was built. One that is older than what tells it where everything lies would look for it in
 * other places: the compiler ran, and the rest of the build did not.
 */
export function readIfCurrent(dist: string, name: string, binding: string): Uint8Array | undefined {
  const path = join(dist, name);
  const [module, bound] = [path, join(dist, binding)].map(
    (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs,
  );
  const current = module !== undefined && module >= (bound ?? 0);
  return current ? readFileSync(path) : undefined;
}
