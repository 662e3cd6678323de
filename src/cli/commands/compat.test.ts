import { expect, test } from 'vitest';
import { run } from '../test-io.test-util.ts';

test('in every edition: the deciding option with its reason, and what to write instead', async () => {
  const { code, out } = await run(['compat', 'lock_vma_under_rcu', '--format', 'json']);
  expect(code).toBe(0);
  const [row] = JSON.parse(out).apis;
  expect(row.since).toMatchObject({ somewhere: 'v6.4', everywhere: 'all-builds-v1' });
  expect(row.kernels['v7.0:64BIT=n,SMP=y'].options).toEqual([
    {
      option: 'PER_VMA_LOCK',
      value: 'n',
      needed: 'y',
      why: expect.stringContaining('ARCH_SUPPORTS_PER_VMA_LOCK is n'),
    },
  ]);
  expect(row.instead[0]).toMatchObject({ code: 'mmap_read_lock, vma_lookup', lacking: [] });
});

test('of a report that is there', async () => {
  const { code, out } = await run(
    'compat --caller find_tcp_vma --matrix reports/per-vma-lock.json --format csv'.split(' '),
  );
  expect(code).toBe(0);
  expect(out).toMatch(/^find_tcp_vma,caller,"v7\.0:64BIT=y,SMP=n",with,real,always,/m);
});

test('a name is wanted', async () => {
  const { code, err } = await run(['compat']);
  expect(code).toBe(2);
  expect(err).toContain('name an API, or a caller with --caller');
});
