import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { kernelEnvironment, kernelKconfig } from './kernel.ts';

const tree = mkdtempSync(join(tmpdir(), 'kconf-kernel-'));
mkdirSync(join(tree, 'scripts'));
writeFileSync(join(tree, 'scripts/pahole-version.sh'), '');
writeFileSync(join(tree, 'Makefile'), 'VERSION = 7\nPATCHLEVEL = 3\n');
writeFileSync(
  join(tree, 'Kconfig'),
  'config PAHOLE_VERSION\n\tint\n\tdefault "$(PAHOLE_VERSION)"\n',
);
afterAll(() => rmSync(tree, { recursive: true, force: true }));

it('the version of pahole is what the script printed for the record', () => {
  expect(kernelEnvironment({ tree }).PAHOLE_VERSION).toBe('124');
  expect(kernelKconfig(tree).config().get('PAHOLE_VERSION')).toBe('124');
});

it('without a record of it there is no pahole', () => {
  const profile = {
    schema: 1,
    name: 'none',
    description: '',
    environment: {},
    answers: {},
  } as const;
  expect(kernelEnvironment({ tree, profile }).PAHOLE_VERSION).toBe('0');
});

it('a shell is asked as the Makefile asks', () => {
  const asked: string[] = [];
  const config = kernelKconfig(tree, {
    shell: ({ command }) => {
      asked.push(command);
      return command.includes('pahole') ? '131' : 'gcc 1';
    },
    env: { PAHOLE: 'my-pahole' },
  }).config();
  expect(config.get('PAHOLE_VERSION')).toBe('131');
  expect(asked).toContain(`${tree}/scripts/pahole-version.sh my-pahole`);
});
