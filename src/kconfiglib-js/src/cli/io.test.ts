import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeAll } from './io.ts';

it.runIf(existsSync('/dev/full'))('goes on where there is no room for what it says', () => {
  const full = openSync('/dev/full', 'w');
  expect(() => writeAll(full, 'text')).not.toThrow();
  closeSync(full);
  expect(() => writeAll(full, 'text')).not.toThrow();
});
