import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { USER_OPS } from '../model/user-ops.ts';
import { namesList, operationsTable } from './operations-table.ts';

test('the README lists every operation as it is', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
  // `kmatrix simulate --list-operations` prints what belongs there.
  expect(readme).toContain(operationsTable());
  expect(readme).toContain(namesList());
});

test('has a line for each operation, with defaults as a workload writes them', () => {
  const lines = operationsTable().split('\n');
  expect(lines).toHaveLength(Object.keys(USER_OPS).length + 3);
  expect(lines.find((l) => l.startsWith('| `mmap`'))).toContain(
    '`pages`, `prot` = rw, `flags` = [private, anonymous], `at` = none',
  );
  expect(lines.find((l) => l.startsWith('| `read`'))).toContain('`pages` = 1, `segv` = false');
});
