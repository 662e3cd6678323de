import { setFlagsFromString } from 'node:v8';

/** Settings of V8 for a run that is over before optimizing and helper threads pay off, and what they are by default. */
const FLAGS = [
  ['--no-turbofan', '--turbofan'],
  ['--no-maglev-inlining', '--maglev-inlining'],
  ['--no-maglev-loop-peeling', '--maglev-loop-peeling'],
  ['--no-parallel-scavenge', '--parallel-scavenge'],
  ['--semi-space-growth-factor=8', '--semi-space-growth-factor=2'],
] as const;

const TUNED = FLAGS.map(([tuned]) => tuned).join(' ');
const USUAL = FLAGS.map(([, usual]) => usual).join(' ');

/**
 * Tune V8 for the work of a short run. Modules are to be loaded before, and the cache of compiled code is to be written
 * after `untune`: V8 takes no code, be it that of Node's own modules, that was compiled with other settings.
 */
export function tune(): void {
  setFlagsFromString(TUNED);
}

/** Go back to the settings a process starts with. */
export function untune(): void {
  setFlagsFromString(USUAL);
}

/** How much code of a WebAssembly function runs before it is optimized, and how much by default. */
const BUDGET = '--wasm-tiering-budget';
const NEVER = 2_000_000_000;
export const DEFAULT_BUDGET = 13_000_000;
/** The release line whose default that is: with another one V8 would take none of the code that was kept. */
const KNOWN_NODE = '24.';

/** Make something of WebAssembly whose functions stay as they are compiled first: a short run is over before others are. */
export function withoutTierUp<T>(make: () => T): T {
  if (!process.versions.node.startsWith(KNOWN_NODE)) return make();
  setFlagsFromString(`${BUDGET}=${NEVER}`);
  try {
    return make();
  } finally {
    setFlagsFromString(`${BUDGET}=${DEFAULT_BUDGET}`);
  }
}
