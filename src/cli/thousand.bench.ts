import { describe, test } from 'vitest';
import { ThousandCells } from './thousand.test-util.ts';

/** The matrix of a thousand cells from the command line to the report, on two threads. Run `npm run build` before. */
describe('a thousand cells', () => {
  test('without a cache, and from it', { timeout: 1_200_000 }, async ({ bench }) => {
    const cells = new ThousandCells();
    let round = 0;
    try {
      await bench.compare(
        bench('resolve, simulate, report as JSON', async () => {
          await cells.run(`cache${round++}`, 'json', 'out.json');
        }),
        bench('the same from the cache', async () => {
          await cells.run('cache0', 'json', 'out.json');
        }),
        { iterations: 2, warmupIterations: 0, time: 0, warmupTime: 0 },
      );
    } finally {
      cells.remove();
    }
  });
});
