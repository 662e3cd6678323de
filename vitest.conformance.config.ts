import { defineConfig } from 'vitest/config';

/** Suites that need a real kernel tree; they find or unpack Debian's linux-source package. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    include: ['src/**/*.conformance.ts'],
    execArgv: ['--conditions=source'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
