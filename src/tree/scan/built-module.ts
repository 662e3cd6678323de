import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What is used of it: the types of Node leave it to those of browsers. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: Memory } },
  ) => { readonly exports: object };
};

/** Memory a module works on. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export const PAGE = 1 << 16;

/**
 * The module of that name which the build makes (wasm.js), with so many bytes of memory at first. Throws where there is no
 * WebAssembly, or no such module.
 */
export function builtModule<Exports>(
  name: string,
  bytes: number,
): { memory: Memory; exports: Exports } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const module = new WebAssembly.Module(codeOf(`${name}.wasm`));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, exports: exports as Exports };
}

/** Seen from the bundle, from what is compiled, and from the sources. */
function codeOf(file: string): Buffer {
  const places = [`../${file}`, `../../${file}`, `../../../dist/${file}`];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return readFileSync(paths.find((path) => existsSync(path)) ?? '');
}
