import { describe, expect, it } from 'vitest';
import type { Dialect } from '../parse/features.ts';
import { errorsOf, tree } from '../testing/tree.ts';
import type { MenuNode } from './views.ts';

/** The tree as nested texts: symbols by name, others by kind. */
function outline(node: MenuNode): unknown {
  const name = node.symbol?.name ?? `${node.kind}${node.prompt ? ` ${node.prompt}` : ''}`;
  return node.children.length > 0 ? [name, ...node.children.map(outline)] : name;
}

describe('the menu tree', () => {
  it('keeps menus and choices, and dissolves if blocks', () => {
    const { menu } = tree(
      'mainmenu "Top"\nmenu "M"\nif Q\nconfig A\n\tbool "a"\nendif\nendmenu\n' +
        'choice\n\tprompt "C"\nconfig B\n\tbool "b"\nendchoice\ncomment "text"\n',
    );
    expect(outline(menu)).toEqual([
      'mainmenu Top',
      ['menu M', 'if', 'A'],
      ['choice C', 'B'],
      'comment text',
    ]);
  });

  it('makes submenus of entries that depend on the one before', () => {
    const { menu } = tree(
      'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\nconfig C\n\tbool "c"\n\tdepends on A && B\nconfig D\n\tbool "d"\n',
    );
    expect(outline(menu)).toEqual(['mainmenu Main menu', ['A', ['B', 'C']], 'D']);
  });

  it('ends a submenu with what asks for its symbol to be off, from 7.3 on', () => {
    const below = (condition: string, dialect?: Dialect): unknown =>
      outline(
        tree(
          `config P\n\tbool\nconfig A\n\ttristate "a"\nconfig B\n\tbool "b"\n\tdepends on ${condition}\nconfig C\n\tbool "c"\n\tdepends on A\n`,
          dialect && { dialect },
        ).menu,
      );
    const nested = ['mainmenu Main menu', 'P', ['A', 'B', 'C']];
    const ended = ['mainmenu Main menu', 'P', 'A', 'B', 'C'];
    const negated = ['!A', 'A=n', 'A!=y', 'P || A!=m', '!A || A', '(A || P) && !A', '!(A && P)'];
    for (const condition of negated) {
      expect([condition, below(condition, '7.1')]).toEqual([condition, nested]);
      expect([condition, below(condition, '7.3')]).toEqual([condition, ended]);
      expect([condition, below(condition)]).toEqual([condition, ended]);
    }
    // What hangs on the symbol as well stays below it.
    for (const condition of ['!A && A', 'A && A!=y', 'A || P', 'A=P'])
      expect([condition, below(condition, '7.3')]).toEqual([condition, nested]);
  });

  it('gives entries the dependencies of all blocks around them', () => {
    const { symbols } = tree(
      'menu "m"\n\tdepends on P\nif Q\nconfig A\n\tbool "a" if R\n\tdepends on S\nendif\nendmenu\n',
    );
    const a = symbols.get('A');
    expect(a?.directDep).toBe('P && Q && S');
    expect(a?.properties[0]?.condition).toBe('P && Q && S && R');
  });

  it('knows who selects and implies a symbol', () => {
    const { symbols } = tree(
      'config A\n\tbool "a"\n\tselect T if X\nconfig B\n\tbool "b"\n\timply T\nconfig T\n\tbool\n',
    );
    expect(symbols.get('T')).toMatchObject({
      reverseDep: 'A && X',
      weakReverseDep: 'B',
      selectedBy: ['A'],
      impliedBy: ['B'],
    });
  });

  it('has place, kind and help of every entry', () => {
    const { symbols } = tree('\nmenuconfig A\n\tbool "a"\n\thelp\n\t  Text.\n');
    const node = symbols.get('A')?.nodes[0];
    expect(node).toMatchObject({
      kind: 'menuconfig',
      prompt: 'a',
      help: 'Text.\n',
      span: { file: 'Kconfig', line: 2 },
    });
  });

  it('suggests names for a misspelt one', () => {
    const { symbols } = tree('config PER_VMA_LOCK\n\tbool\nconfig USERFAULTFD\n\tbool\n');
    expect(symbols.suggest('CONFIG_PER_VMA_LOCKS')).toEqual(['PER_VMA_LOCK']);
    expect(symbols.suggest('VMA_PER_LOCK')).toEqual(['PER_VMA_LOCK']);
    expect(symbols.suggest('QQQ')).toEqual([]);
  });
});

describe('dependency loops', () => {
  it('are reported once, with each step', () => {
    const errors = errorsOf(
      'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tselect A\n\tdepends on C\nconfig C\n\tdef_bool A\n',
    );
    expect(errors.map((d) => d.conf?.split('\n').slice(0, 3))).toEqual([
      [
        'error: recursive dependency detected!',
        '\tsymbol A depends on B',
        '\tsymbol B depends on C',
      ],
    ]);
  });

  it('do not arise from a range, nor from A || !A of a bool', () => {
    expect(
      errorsOf('config A\n\tint "a"\n\trange B 9\nconfig B\n\tint "b"\n\trange A 9\n'),
    ).toEqual([]);
    expect(
      errorsOf(
        'config A\n\tbool "a"\n\tdepends on B || !B\nconfig B\n\tbool "b"\n\tdepends on A || !A\n',
      ),
    ).toEqual([]);
  });
});
