import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkSchema, measurementSchema } from '../../report/index.ts';
import { run } from '../test-io.test-util.ts';

/** Not among the tests: each price of a profile is a run of its own, in threads, and that takes some seconds. */
const dir = mkdtempSync(join(tmpdir(), 'kmatrix-sensitivity-'));
afterAll(() => rmSync(dir, { recursive: true }));
writeFileSync(
  join(dir, 'tiny.yaml'),
  `name: tiny
threads:
  - name: caller
    run: [{ repeat: 40, do: getppid }]
`,
);

const sensitivity = (format: string) =>
  run(
    `simulate tiny.yaml --cpus 1 --runs 1 --sensitivity --no-cache --format ${format}`.split(' '),
    { cwd: dir },
  );

it('says what the throughput hangs on, where that is asked for', async () => {
  const { code, out } = await sensitivity('json');
  expect(code).toBe(0);
  const measurement = JSON.parse(out);
  expect(checkSchema(measurementSchema, measurement)).toBeUndefined();
  const { costs, headline, least, greatest } = measurement.sensitivity;
  // A system call that does nothing pays for its entry, and for nothing else of the kernel.
  const kinds = costs.map(({ cost }: { cost: string }) => cost);
  expect(kinds[0]).toBe('work.syscall_entry');
  expect(kinds).not.toContain('work.page_alloc');
  expect(least).toBeLessThan(headline);
  expect(greatest).toBeGreaterThan(headline);
  const refused = await sensitivity('csv');
  expect(refused.code).toBe(2);
});
