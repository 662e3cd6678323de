import type { Kconfig, MenuNode } from 'kconfiglib-js';
import { placeOf } from './entries.ts';

/** Something that can be found. */
interface Item {
  readonly node: MenuNode;
  readonly name: string;
  readonly lowName: string;
  readonly lowPrompt: string;
  readonly nameLetters: number;
  readonly promptLetters: number;
}

/** How well a word fits; each kind of fit outweighs all shares of the one before. */
const FIT = {
  name: 0,
  nameLowerCase: 1,
  nameStart: 2,
  namePart: 3,
  nameInside: 4,
  promptPart: 5,
  promptInside: 6,
  letters: 7,
} as const;
const NONE = -1;

/** Words of fewer letters than this are found as they are written only. */
const FUZZY_FROM = 3;

/** Finds symbols by name and prompt, and menus and choices by prompt, hidden or not. */
export class Search {
  readonly #items: readonly Item[];

  constructor(kconfig: Kconfig) {
    // Among equals the shorter name comes first: in order from the start, so that no search has to sort.
    this.#items = [...itemsOf(kconfig)].sort(compare);
  }

  get size(): number {
    return this.#items.length;
  }

  /**
   * What fits all words of the query, best first: the symbol of that name, then names that begin with it, that have it as
   * a part, anywhere, then prompts, then names that have its letters in this order.
   */
  find(query: string): MenuNode[] {
    const words = query.trim().split(/\s+/).filter(Boolean).map(wordOf);
    if (words.length === 0) return [];
    const found = new Map<number, MenuNode[]>();
    for (const item of this.#items) {
      let fit = 0;
      for (const word of words) {
        const one = fitOf(item, word);
        fit = one === NONE ? NONE : fit + one;
        if (fit === NONE) break;
      }
      if (fit === NONE) continue;
      const equals = found.get(fit);
      if (equals) equals.push(item.node);
      else found.set(fit, [item.node]);
    }
    const fits = [...found.keys()].sort((a, b) => a - b);
    return fits.flatMap((fit) => found.get(fit)!);
  }
}

interface Word {
  readonly text: string;
  readonly low: string;
  /** As a part of a name begins. */
  readonly part: string;
  readonly letters: number;
}

function wordOf(text: string): Word {
  const bare = text.replace(/^CONFIG_(?=.)/i, '');
  const low = bare.toLowerCase();
  return { text: bare, low, part: `_${low}`, letters: lettersOf(low) };
}

/**
 * The letters of a text as a set of 32 bits, several of them to a bit: what lacks a bit of a word lacks a letter
 * of it, and need not be looked through.
 */
function lettersOf(text: string): number {
  let letters = 0;
  for (let i = 0; i < text.length; i++) letters |= 1 << (text.charCodeAt(i) & 31);
  return letters;
}

function compare(a: Item, b: Item): number {
  const length = a.name.length - b.name.length;
  if (length !== 0) return length;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.node.index - b.node.index;
}

function fitOf(item: Item, word: Word): number {
  const { name, lowName, lowPrompt } = item;
  const { text, low, part, letters } = word;
  const inName = (item.nameLetters & letters) === letters;
  const inPrompt = (item.promptLetters & letters) === letters;
  if (!inName && !inPrompt) return NONE;
  const at = inName ? lowName.indexOf(low) : NONE;
  if (at === 0) {
    if (lowName.length > low.length) return FIT.nameStart;
    return name === text ? FIT.name : FIT.nameLowerCase;
  }
  if (at > 0) return lowName.includes(part) ? FIT.namePart : FIT.nameInside;
  const from = inPrompt ? lowPrompt.indexOf(low) : NONE;
  if (from === 0 || (from > 0 && !/\w/.test(lowPrompt.charAt(from - 1)))) return FIT.promptPart;
  if (from > 0) return FIT.promptInside;
  return low.length < FUZZY_FROM || !inName ? NONE : lettersFit(lowName, low);
}

/** How far apart the letters lie, as a share that stays within its kind of fit; NONE if they are not all there. */
function lettersFit(name: string, low: string): number {
  let at = -1;
  let start = 0;
  for (let i = 0; i < low.length; i++) {
    at = name.indexOf(low.charAt(i), at + 1);
    if (at < 0) return NONE;
    if (i === 0) start = at;
  }
  const gaps = at - start + 1 - low.length;
  // A name may have the letters of any word somewhere: far apart they mean nothing.
  return gaps > low.length ? NONE : FIT.letters + gaps / (gaps + 8);
}

function* itemsOf(kconfig: Kconfig): Generator<Item> {
  for (const symbol of kconfig.symbols) {
    if (!symbol.defined) continue;
    const { nodes, name } = symbol;
    const node = placeOf(symbol);
    const prompts = nodes.map(({ prompt = '' }) => prompt).join(' ');
    if (node) yield itemOf(node, name, prompts);
  }
  const open: MenuNode[] = [kconfig.menu];
  for (let menu = open.pop(); menu; menu = open.pop()) {
    for (const node of menu.children) {
      if (node.children.length > 0) open.push(node);
      if (node.symbol || node.prompt === undefined || node.kind === 'comment') continue;
      yield itemOf(node, '', node.prompt);
    }
  }
}

function itemOf(node: MenuNode, name: string, prompts: string): Item {
  const lowName = name.toLowerCase();
  const lowPrompt = prompts.toLowerCase();
  return {
    node,
    name,
    lowName,
    lowPrompt,
    nameLetters: lettersOf(lowName),
    promptLetters: lettersOf(lowPrompt),
  };
}
