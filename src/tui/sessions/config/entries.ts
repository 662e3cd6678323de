import type { Config, KSymbol, MenuNode } from 'kconfiglib-js';

/** A row of a menu. */
export interface Entry {
  readonly node: MenuNode;
  /** How deep it is indented. */
  readonly depth: number;
  /** Would a menu show it; otherwise it is here because everything is. */
  readonly shown: boolean;
}

/** What is listed of a menu. */
export interface Listed {
  /** Also what is hidden, and symbols without a prompt. */
  readonly all: boolean;
  /** Also what is in menus and choices below, all in one list. */
  readonly flat: boolean;
}

/** The rows of a menu, as they stand below it; automatic submenus are indented. */
export function entriesOf(config: Config, menu: MenuNode, { all, flat }: Listed): Entry[] {
  const entries: Entry[] = [];
  // Submenus nest as deep as a tree has symbols: too deep for a function that calls itself.
  const open: { nodes: readonly MenuNode[]; at: number }[] = [{ nodes: menu.children, at: 0 }];
  for (let level = open.at(-1); level; level = open.at(-1)) {
    const node = level.nodes[level.at++];
    if (!node) {
      open.pop();
      continue;
    }
    if (node.kind === 'if' || (node.prompt === undefined && !all)) continue;
    const shown = config.shown(node);
    if (!shown && !all) continue;
    entries.push({ node, depth: open.length - 1, shown });
    if (node.children.length > 0 && (flat || !isEntered(node)))
      open.push({ nodes: node.children, at: 0 });
  }
  return entries;
}

/** Is what is below the entry a menu of its own. */
export function isEntered(node: MenuNode): boolean {
  return node.kind !== 'config';
}

/** The menus one goes through to an entry, the root first, the entry itself not among them. */
export function menusTo(node: MenuNode): MenuNode[] {
  const menus: MenuNode[] = [];
  for (let at = node.parent; at; at = at.parent) if (isEntered(at)) menus.unshift(at);
  return menus;
}

/** Where a symbol is found in the menus: its first entry with a prompt, else its first. */
export function placeOf(symbol: KSymbol | undefined): MenuNode | undefined {
  const nodes = symbol?.nodes ?? [];
  return nodes.find(({ prompt }) => prompt !== undefined) ?? nodes[0];
}

/** Does a menu have nothing to show. */
export function isEmptyMenu(config: Config, menu: MenuNode): boolean {
  return !menu.children.some((child) => config.shown(child));
}
