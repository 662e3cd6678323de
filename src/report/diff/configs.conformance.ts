import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, type Kconfig, kernelKconfig } from 'kconfiglib-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configSides, diffconfig, diffSides } from '../index.ts';

/*
 * Two .config files of a real tree, beside the kernel's own scripts/diffconfig, and their first causes put to the test:
 * what is said to be the cause is changed, and nothing else.
 */

/** A whole Linux 6.12, with its scripts. */
const tree = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const dir = mkdtempSync(join(tmpdir(), 'kmatrix-configs-'));
afterAll(() => rmSync(dir, { recursive: true }));

let kconfig: Kconfig;
const texts: Record<string, string> = {};

/** A .config as olddefconfig leaves it, after these values were set. */
function resolved(set: Readonly<Record<string, string>>, base?: string): string {
  const config = kconfig.config();
  if (base !== undefined) config.load(base, 'base');
  for (const [name, value] of Object.entries(set)) config.set(name, value);
  return config.write();
}

beforeAll(() => {
  kconfig = kernelKconfig(tree, { arch: 'x86_64' });
  const all = kconfig.config();
  all.apply('allmodconfig');
  texts.mod = all.write();
  texts.def = resolved({
    SMP: 'y',
    MODULES: 'y',
    NET: 'y',
    EXT4_FS: 'm',
    LOCALVERSION: '-a = "b"',
  });
  texts.up = resolved({ SMP: 'n', NET: 'n', USB_SUPPORT: 'n', MODULES: 'n' }, texts.mod);
  texts.cut = (texts.def ?? '').slice(0, -7);
  texts.crlf = (texts.up ?? '').replaceAll('\n', '\r\n');
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(dir, name), text);
});

const PAIRS = [
  ['def', 'mod'],
  ['mod', 'up'],
  ['up', 'def'],
  ['cut', 'mod'],
  ['mod', 'crlf'],
  ['def', 'def'],
] as const;

describe.each(PAIRS)('%s and %s', (left, right) => {
  it.each([false, true])("are what the kernel's diffconfig says (to merge: %s)", (merge) => {
    const script = join(tree, 'scripts', 'diffconfig');
    expect(existsSync(script)).toBe(true);
    const args = [script, ...(merge ? ['-m'] : []), join(dir, left), join(dir, right)];
    const theirs = execFileSync('python3', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    const file = (name: string) => ({ name, text: texts[name] ?? '' });
    expect(diffconfig(file(left), file(right), { merge })).toBe(theirs);
  });
});

/** Of options that differ, how many go along when what is said to be their first cause is changed alone, on either side. */
function taken(left: string, right: string): { all: number; named: number; follow: number } {
  const file = (name: string) => ({ name, text: texts[name] ?? '' });
  const sides = configSides(kconfig, file(left), file(right));
  const minimal = (name: string): Config => {
    const whole = kconfig.config();
    whole.load(texts[name] ?? '', name);
    const config = kconfig.config();
    config.load(whole.writeMinimal(), name);
    return config;
  };
  const [a, b] = [minimal(left), minimal(right)];
  const changed = (config: Config, other: Config, cause: string): Config => {
    const fork = config.fork();
    const value = other.userValue(cause);
    if (value === undefined) fork.unset(cause);
    else fork.set(cause, value);
    return fork;
  };
  const { options } = diffSides(sides.left, sides.right);
  const step = Math.max(1, Math.floor(options.length / 200));
  const looked = options.filter((_, i) => i % step === 0);
  const causes = looked.map(({ why }) => /(\w+) is asked to be/.exec(why)?.[1]);
  const follow = looked.filter(({ symbol }, i) => {
    const cause = causes[i];
    if (cause === undefined) return false;
    return (
      changed(a, b, cause).get(symbol) === b.get(symbol) ||
      changed(b, a, cause).get(symbol) === a.get(symbol)
    );
  });
  const named = causes.filter((cause) => cause !== undefined).length;
  return { all: looked.length, named, follow: follow.length };
}

describe('the first cause', () => {
  it('of what a few changes bring about takes nearly all of it along', () => {
    const { all, named, follow } = taken('mod', 'up');
    console.log(`mod, up: ${all} options looked at, ${named} with a cause, ${follow} follow it`);
    expect(named / all).toBeGreaterThan(0.95);
    expect(follow / all).toBeGreaterThan(0.9);
  });

  it('is one of several where two files have little in common', () => {
    const { all, named, follow } = taken('def', 'mod');
    console.log(`def, mod: ${all} options looked at, ${named} with a cause, ${follow} follow it`);
    expect(named / all).toBeGreaterThan(0.95);
    expect(follow / all).toBeGreaterThan(0.5);
  });
});
