import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { kernelKconfig, kernelSnapshot } from './kernel.ts';

const root = mkdtempSync(join(tmpdir(), 'kconf-kernel-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a kernel tree is read once where a directory for snapshots is given, and anew when it has changed', async () => {
  const write = async (prompt: string): Promise<void> => {
    writeFileSync(join(root, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 12\n');
    writeFileSync(join(root, 'Kconfig'), `config A\n\tbool "${prompt}"\n`);
    // Files must have been left alone for a moment before a snapshot is kept.
    await new Promise((done) => setTimeout(done, 120));
  };
  const snapshots = join(root, 'cache');
  const prompt = (): string | undefined => {
    const read: string[] = [];
    const kconfig = kernelKconfig(root, { snapshots, onRead: (path) => read.push(path) });
    return `${kconfig.menu.children[0]?.prompt} ${read.length}`;
  };
  await write('first');
  expect(kernelSnapshot(root, { snapshots })).toBeUndefined();
  expect(prompt()).toBe('first 1');
  expect(readdirSync(snapshots)).toHaveLength(1);
  expect(prompt()).toBe('first 0');
  expect(kernelSnapshot(root, { snapshots })?.symbols.get('A')?.type).toBe('bool');
  await write('second');
  expect(prompt()).toBe('second 1');
});
