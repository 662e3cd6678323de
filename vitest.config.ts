import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Resolve the workspace package to its TypeScript source, here and in worker threads. */
const source = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
};

export default defineConfig({
  test: {
    // By default one processor is left idle: on a machine with two the tests would take twice as long.
    maxWorkers: availableParallelism(),
    projects: [
      {
        ...source,
        test: {
          name: 'kconfiglib-js',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: ['src/kconfiglib-js/**/*.test.ts'],
          execArgv: ['--conditions=source'],
        },
      },
      {
        ...source,
        test: {
          name: 'kernel',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: ['src/kernel/**/*.test.ts'],
          execArgv: ['--conditions=source'],
        },
      },
      {
        ...source,
        test: {
          name: 'app',
          include: ['src/{input,matrix,report,tui,cli,tree}/**/*.test.{ts,tsx}', 'src/*.test.ts'],
          execArgv: ['--conditions=source'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
