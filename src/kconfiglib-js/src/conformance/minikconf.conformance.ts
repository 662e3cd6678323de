import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownConf } from '../toolchain/own-dialect.ts';
import { parse } from './built.ts';
import { sourceTree } from './sources.ts';

const tree = sourceTree('qemu', { package: 'qemu', parts: ['Kconfig*', 'scripts/minikconf.py'] });
const script = tree === undefined ? '' : join(tree, 'scripts/minikconf.py');
if (!existsSync(script)) console.log('left out: minikconf (no sources of qemu)');

/** Modes of the script, by what they are called here. */
const MODES = {
  alldefconfig: 'defconfig',
  allyesconfig: 'allyesconfig',
  allnoconfig: 'allnoconfig',
};

/**
 * What meson and the files of configs/ would hand to it. With FDT the last one has in 10.0 what a default gives under a condition that
 * the script decides only after it, and so takes for n.
 */
const MACHINES = [
  [],
  ['I386', 'X86_64', 'TCG', 'KVM', 'LINUX', 'FDT'],
  ['ARM', 'AARCH64', 'TCG', 'FDT', 'PIXMAN'],
  ['PPC', 'PPC64'],
];

describe.runIf(existsSync(script))('minikconf of QEMU', () => {
  const top = join(tree as string, 'Kconfig');
  const own = ownConf(top);
  const kconfig = parse(top, { ...(own && { dialect: own.dialect }) });
  const known = (name: string): boolean => kconfig.symbols.get(name)?.defined === true;
  const cases = (Object.keys(MODES) as (keyof typeof MODES)[]).flatMap((mode) =>
    MACHINES.map((names) => [mode, names.filter(known)] as const),
  );

  it.each(cases)('%s with %s', (mode, given) => {
    const out = mkdtempSync(join(tmpdir(), 'kmatrix-minikconf-'));
    const args = [script, `--${MODES[mode]}`, join(out, 'config'), join(out, 'depends'), 'Kconfig'];
    const text = execFileSync('python3', [...args, ...given.map((name) => `CONFIG_${name}=y`)], {
      cwd: tree,
      encoding: 'utf8',
    });
    // What it was handed it does not write.
    const wanted = [...text.matchAll(/^CONFIG_(\w+)=y$/gm)].map(([, name]) => name as string);
    const config = kconfig.config();
    config.apply(mode);
    for (const name of given) config.set(name, 'y');
    const names = [...kconfig.symbols].filter(({ defined }) => defined).map(({ name }) => name);
    const found = names.filter((name) => config.get(name) === 'y');
    expect(found.sort()).toEqual([...new Set([...wanted, ...given])].sort());
    if (mode === 'allyesconfig') expect(found.length).toBeGreaterThan(500);
  });
});
