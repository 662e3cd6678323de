import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Kconfig } from '../menu/kconfig.ts';
import { parse } from '../parse/parse.ts';
import type { SnapshotOptions } from './origin.ts';
import { openSnapshot, parseAndKeep } from './snapshot.ts';

const root = mkdtempSync(join(tmpdir(), 'kconf-snapshot-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const TREE = `mainmenu "Tree $(ARCH) $(shell,ask)"
config MODULES
	bool "Modules"
	modules
	help
	  What can be loaded.

	  More.
menu "Dévices"
	visible if MODULES
config A
	tristate "A" if MODULES
	default m
	select B if !C
	imply C
config B
	bool
config C
	bool "C"
	depends on A != n
endmenu
choice
	prompt "One of"
	default Y2
config Y1
	bool "y1"
config Y2
	bool "y2"
	help
	  The second.
endchoice
comment "a comment"
	depends on A
source "more/Kconfig"
`;
const MORE = `config N
	int "N" if A
	range 1 9 if C
	default 12
config S
	string "S"
	default "q\\"uote"
if A
config BELOW
	hex "h"
	default 0x1f
endif
`;

let dir: string;
let made = 0;
let answer = 'x';
beforeEach(async () => {
  dir = join(root, String(made++));
  mkdirSync(join(dir, 'more'), { recursive: true });
  writeFileSync(join(dir, 'Kconfig'), TREE);
  writeFileSync(join(dir, 'more/Kconfig'), MORE);
  answer = 'x';
  // Files must have been left alone for a moment before a snapshot is kept.
  await new Promise((done) => setTimeout(done, 120));
});

const options = (env: Record<string, string> = { ARCH: 'a' }): SnapshotOptions => ({
  env,
  searchPath: [join(dir, 'build'), dir],
  shell: () => answer,
});
const place = () => ({ directory: join(dir, 'cache'), cwd: dir });
const keep = (with_ = options()): Kconfig => parseAndKeep('Kconfig', with_, place(), parse);
const open = (with_ = options()): Kconfig | undefined => openSnapshot('Kconfig', with_, place());

/** Everything that can be seen of a tree. */
function seen(kconfig: Kconfig): unknown {
  const nodes: unknown[] = [];
  const visit = (node: Kconfig['menu']): void => {
    const { kind, prompt, span, help, dep, visibleIf, index } = node;
    nodes.push({ kind, prompt, span, help, dep, visibleIf, index, symbol: node.symbol?.name });
    node.children.forEach(visit);
  };
  visit(kconfig.menu);
  const symbols = [...kconfig.symbols].map((s) => ({
    name: s.name,
    type: s.type,
    defined: s.defined,
    deps: [s.directDep, s.reverseDep, s.weakReverseDep],
    properties: s.properties,
    choice: s.choice?.prompt,
    selectedBy: s.selectedBy,
    nodes: s.nodes.map((n) => n.index),
  }));
  const config = kconfig.config();
  const texts = [config.write(), config.writeMinimal(), config.why('N').text];
  config.load('CONFIG_MODULES=y\nCONFIG_A=y\nCONFIG_C=y\nCONFIG_N=99\nCONFIG_Y1=y\n');
  texts.push(config.write(), config.writeMinimal(), config.why('N').text, config.why('Y2').text);
  return {
    nodes,
    symbols,
    texts,
    files: kconfig.files,
    mainmenu: kconfig.mainmenu,
    env: [...kconfig.env],
    order: [...kconfig.hashOrder],
  };
}

describe('a snapshot', () => {
  it('is the tree it was made from', () => {
    const fresh = seen(keep());
    expect(seen(open() as Kconfig)).toEqual(fresh);
    // Without the tree being built again.
    const config = (open() as Kconfig).config();
    expect(config.get('N')).toBe('9');
    expect(config.set('NO_SUCH', 'y').ok).toBe(false);
  });

  it.each<[string, () => void | SnapshotOptions]>([
    ['a file', () => writeFileSync(join(dir, 'more/Kconfig'), MORE.replace('12', '13'))],
    [
      'a file with its old time',
      () => {
        const path = join(dir, 'more/Kconfig');
        writeFileSync(path, MORE.replace('12', '13'));
        utimesSync(path, 1e9, 1e9);
      },
    ],
    ['a file that is gone', () => rmSync(join(dir, 'more/Kconfig'))],
    [
      'a file that now comes first',
      () => {
        mkdirSync(join(dir, 'build/more'), { recursive: true });
        writeFileSync(join(dir, 'build/more/Kconfig'), MORE);
      },
    ],
    ['a variable', () => options({ ARCH: 'b' })],
    ['a variable that is gone', () => options({})],
    [
      'an answer of the shell',
      () => {
        answer = 'other';
      },
    ],
    ['the dialect', () => ({ ...options(), dialect: '6.12' as const })],
  ])('does not hold when %s changed', (_, change) => {
    keep();
    expect(open()).toBeDefined();
    const changed = change();
    expect(open(changed ?? options())).toBeUndefined();
  });

  it('is not kept over files that may still change unseen', () => {
    writeFileSync(join(dir, 'Kconfig'), TREE);
    keep();
    expect(open()).toBeUndefined();
  });

  it('is not taken from a file others can write', () => {
    keep();
    const [name] = readdirSync(place().directory) as [string];
    chmodSync(join(place().directory, name), 0o666);
    expect(open()).toBeUndefined();
  });

  it('that is damaged counts as none, and nothing but a snapshot comes of any bytes', () => {
    const fresh = seen(keep());
    const [name] = readdirSync(place().directory) as [string];
    const path = join(place().directory, name);
    const good = readFileSync(path);
    let random = 1;
    const next = (below: number): number => {
      random = (Math.imul(random, 1103515245) + 12345) >>> 0;
      return (random >>> 8) % below;
    };
    for (let i = 0; i < 300; i++) {
      const bad = Buffer.from(good);
      for (let k = 0; k <= next(3); k++) bad[next(bad.length)] = next(256);
      writeFileSync(path, i % 10 === 0 ? bad.subarray(0, next(bad.length)) : bad);
      const kconfig = open();
      if (!kconfig) continue;
      // The part that is read late may be the damaged one.
      let late: unknown;
      try {
        late = seen(kconfig);
      } catch {
        continue;
      }
      expect(late).toEqual(fresh);
    }
  });
});
