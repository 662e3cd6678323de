import { defineConfig } from 'vitest/config';

/** Benchmarks. Modules are run by Node itself: vitest's own runner slows hot loops several times over. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    include: [],
    benchmark: { include: ['src/**/*.bench.ts'] },
    execArgv: ['--conditions=source'],
    experimental: { viteModuleRunner: false },
    testTimeout: 600_000,
  },
});
