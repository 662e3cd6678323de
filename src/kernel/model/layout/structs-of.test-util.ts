/** The structures a kernel with these options registers. For tests. */
import { KernelBuilder } from '../kernel-builder.ts';
import type { SurfaceStruct } from '../surface.ts';
import { type Generation, registerLayouts } from './index.ts';

/** Option values as text; what is not there is off. */
export type Options = Readonly<Record<string, string>>;

const SMALLEST = { threads: 1, processOf: [0], vmas: 8, pages: 64, pageTables: 16 };

export interface Registered {
  readonly structs: ReadonlyMap<string, SurfaceStruct>;
  /** Names of the options that were asked for. */
  readonly asked: readonly string[];
}

export function structsOf(options: Options, generation: Generation): Registered {
  const b = new KernelBuilder({ get: (name) => options[name] ?? '' }, SMALLEST);
  registerLayouts(b, generation);
  return {
    structs: new Map(b.surface().structs.map((s) => [s.name, s])),
    asked: Object.keys(b.relevant()),
  };
}
