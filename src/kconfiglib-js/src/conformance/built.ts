import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The built engine, loaded by Node itself: the test runner's imports cost it a factor of four and more. `npm run
 * conformance` builds it before.
 */
export const { main } = require('../../dist/cli/main.js') as typeof import('../cli/main.ts');
export const { mayBatch, readAndBatch } =
  require('../../dist/cli/batch.js') as typeof import('../cli/batch.ts');
export const { readTree } =
  require('../../dist/cli/read-tree.js') as typeof import('../cli/read-tree.ts');
export const { run } = require('../../dist/cli/run.js') as typeof import('../cli/run.ts');
export const { readOptions } =
  require('../../dist/cli/options.js') as typeof import('../cli/options.ts');
export const { parseOptions } =
  require('../../dist/cli/parse-options.js') as typeof import('../cli/parse-options.ts');
export const { printDiagnostic } =
  require('../../dist/cli/print.js') as typeof import('../cli/print.ts');
export const { parse } = require('../../dist/parse/parse.js') as typeof import('../parse/parse.ts');
