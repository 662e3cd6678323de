import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../test-io.test-util.ts';
import { type Edits, LOCK_EVERYWHERE, patchOf } from './lock-series.test-util.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const FILES = ['arch/x86/mm/fault.c', 'mm/mmap.c', 'mm/userfaultfd.c', 'net/ipv4/tcp.c'];

interface Changed {
  readonly cells: readonly object[];
  readonly files: readonly {
    readonly file: string;
    readonly breaksNow: boolean;
    readonly apis: readonly {
      readonly name: string;
      readonly changed: boolean;
      readonly cells: readonly Readonly<Record<'before' | 'after', { state: string } | null>>[];
    }[];
  }[];
}

async function checked(edits: Edits): Promise<{ code: number; changed: Map<string, string[]> }> {
  const { code, out, err } = await run([
    ...['check', ...FILES.map((path) => join(ROOT, path)), '--builtin', '--tree', ROOT],
    ...['--patch', patchOf(ROOT, edits), '--config', 'SMP=y', '--config', 'SMP=n'],
    ...['--format', 'json', '--no-cache', '--quiet'],
  ]);
  expect(err).toBe('');
  const { files } = JSON.parse(out) as Changed;
  const changed = files.flatMap(({ file, apis }) =>
    apis
      .filter((api) => api.changed)
      .map(({ name, cells }): [string, string[]] => [
        `${file.slice(ROOT.length + 1)} ${name}`,
        cells.map(({ before, after }) => `${before?.state} → ${after?.state}`),
      ]),
  );
  return { code, changed: new Map(changed) };
}

test('nothing breaks where every build of 6.12 gets the lock of a VMA', async () => {
  const { code, changed } = await checked(LOCK_EVERYWHERE);
  expect(code).toBe(0);
  const real = ['real → real', 'stub → real'];
  for (const file of ['arch/x86/mm/fault.c', 'net/ipv4/tcp.c'])
    expect(of(changed, file)).toEqual({ lock_vma_under_rcu: real, vma_end_read: real });
  expect(of(changed, 'mm/mmap.c')).toEqual({ vma_start_write: real });
  // Its own question after the option has no answer any more.
  expect(of(changed, 'mm/userfaultfd.c')).toMatchObject({
    lock_vma_under_rcu: ['real → undefined', 'stub → undefined'],
    vma_start_write: real,
  });
});

/** What changes of one file, by the names. */
function of(changed: ReadonlyMap<string, string[]>, file: string): Record<string, string[]> {
  const own = [...changed].filter(([name]) => name.startsWith(`${file} `));
  return Object.fromEntries(own.map(([name, cells]) => [name.slice(file.length + 1), cells]));
}

test('what calls a function breaks where it comes to take something else', async () => {
  const { code, changed } = await checked({
    'include/linux/mm.h': (text) =>
      text.replace(/(vma_end_read\(struct vm_area_struct \*vma)(?=\) ?\{\})/, '$1, int how'),
  });
  expect(code).toBe(1);
  // There is another one where the lock is, which stays as it was.
  for (const file of ['arch/x86/mm/fault.c', 'net/ipv4/tcp.c'])
    expect(of(changed, file)).toEqual({ vma_end_read: ['real → real', 'stub → misfit'] });
  expect(of(changed, 'mm/mmap.c')).toEqual({});
});
