import { expect, it } from 'vitest';
import { runShell } from './run-shell.ts';

it('calls the shell by the name popen has for it', () => {
  const told: string[] = [];
  expect(runShell('echo "$0"; ./none', { stderr: (text) => told.push(text) })).toBe('sh');
  expect(told.join('')).toMatch(/^sh: /);
});
