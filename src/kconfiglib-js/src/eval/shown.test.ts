import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MenuNode } from '../menu/views.ts';
import { randomTree } from '../testing/random-tree.ts';
import { tree } from '../testing/tree.ts';

const TREE = `
config MODULES
	bool "Modules"
	modules
menu "Visible with A"
	visible if A
config IN_MENU
	bool "in the menu"
	default y
endmenu
config A
	tristate "a"
config HIDDEN
	bool "hidden" if A
	default y
config BELOW
	bool "below"
	depends on HIDDEN
config OFF
	bool "off" if A
config BELOW_OFF
	bool "below what is off"
	depends on !OFF || OFF
config SPEED
	int "speed"
	default 20
config NAME
	string "name"
	default "x"
comment "A is on"
	depends on A
`;

function nodes(root: MenuNode): MenuNode[] {
  return [root, ...root.children.flatMap(nodes)];
}

describe('what a menu shows', () => {
  const kconfig = tree(TREE);
  const shown = (settings: Record<string, string>): (string | undefined)[] => {
    const config = kconfig.config();
    for (const [name, value] of Object.entries(settings)) config.set(name, value);
    return nodes(kconfig.menu)
      .filter((node) => config.shown(node))
      .map((node) => node.prompt);
  };

  it('leaves out what is not visible, menus and comments too', () => {
    expect(shown({})).not.toContain('Visible with A');
    expect(shown({})).not.toContain('A is on');
    expect(shown({ A: 'y' })).toEqual(
      expect.arrayContaining(['Visible with A', 'in the menu', 'A is on', 'off']),
    );
  });

  it('keeps what has no visible prompt, is on, and has something below that is shown', () => {
    expect(shown({})).toContain('hidden');
    expect(shown({})).toContain('below');
    expect(shown({})).not.toContain('off');
  });
});

describe('an expression', () => {
  const config = tree(TREE).config();
  config.set('MODULES', 'y');
  config.set('A', 'm');
  it.each([
    ['A', 'm'],
    ['!A', 'm'],
    ['A && HIDDEN', 'm'],
    ['A = m && OFF = n', 'y'],
    ['!(A || OFF)', 'm'],
    ['SPEED > 5 && SPEED<=20', 'y'],
    ['SPEED > 100', 'n'],
    ['NAME = "x"', 'y'],
    ["NAME != 'x'", 'n'],
    ['NOBODY', 'n'],
    ['NOBODY = NOBODY', 'y'],
    ['y', 'y'],
    ['"y" && m', 'm'],
  ])('%s is %s', (text, value) => {
    expect(config.evaluate(text)).toBe(value);
  });

  it.each(['', 'A &&', '(A', 'A B', '&& A', 'A = ', 'A # B', '"x'])('%j is none', (text) => {
    expect(config.evaluate(text)).toBeUndefined();
  });

  it('has the value it has in the tree', () => {
    fc.assert(
      fc.property(randomTree(), fc.infiniteStream(fc.nat(2)), (random, picks) => {
        const kconfig = tree(random.text);
        const some = kconfig.config();
        for (const name of random.names)
          some.set(name, ['n', 'm', 'y'][picks.next().value as number] as string);
        some.complete();
        some.evaluator.prepare();
        for (const symbol of kconfig.symbols) {
          const sym = kconfig.tree.symbols[symbol.id];
          if (!sym || !symbol.defined) continue;
          const value = some.evaluator.expr(sym.dirDep);
          expect(some.evaluate(symbol.directDep), symbol.directDep).toBe(['n', 'm', 'y'][value]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
