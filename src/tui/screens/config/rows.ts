import type { MenuNode } from 'kconfiglib-js';
import {
  type ConfigSession,
  chosenOf,
  type Entry,
  isEmptyMenu,
  isEntered,
  isNew,
  markOf,
} from '../../sessions/config/index.ts';
import type { Row, Rows } from '../../state/row.ts';
import { fitText } from '../../text/fit.ts';
import { fitLine, type Line, type Segment, seg, type Tone } from '../../text/line.ts';
import { textWidth } from '../../text/width.ts';
import type { Theme } from '../../theme.ts';
import { reasonBeside } from '../cell-facts.ts';
import { paneOf } from './pane.ts';
import { spokenEntry } from './spoken.ts';

/** Columns a mark takes at least, so that prompts stand below each other. */
const MARK = 3;
/** Columns a name takes in a list of what was found. */
const NAME = 30;
/** Columns an entry takes where its reason stands behind it. */
const ENTRY = 76;

/** Columns from which on there is room for that. */
export const WIDE = 160;

/** Rows made as they are drawn, from entries of a menu. */
export function entryRows(
  session: ConfigSession,
  entries: readonly Entry[],
  theme: Theme,
  { names, wide }: { readonly names: boolean; readonly wide: boolean },
): Rows {
  return lazyRows(entries, (entry) => {
    const line = entryLine(session, entry, theme, names && !wide);
    return {
      ...rowOf(session, entry.node),
      cells: wide ? withReason(session, entry.node, line, theme) : line,
    };
  });
}

/** An entry with the name of its symbol and why that has its value behind it, each below those of the other entries. */
function withReason(session: ConfigSession, { symbol }: MenuNode, line: Line, theme: Theme): Line {
  if (!symbol) return line;
  const { ellipsis } = theme.glyphs;
  const why = session.config.why(symbol.name);
  const used = line.reduce((sum, { text }) => sum + textWidth(text), 0);
  return [
    ...(used < ENTRY ? line : fitLine(line, ENTRY - 1, ellipsis)),
    seg(' '.repeat(Math.max(1, ENTRY - used))),
    seg(fitText(symbol.name, NAME, 'left', ellipsis), 'accent'),
    seg(`  ${reasonBeside({ symbol: symbol.name, value: why.value, why: why.text })}`, 'muted'),
  ];
}

/** Rows of what a search found: the name first, for that is what was looked for. */
export function foundRows(session: ConfigSession, nodes: readonly MenuNode[], theme: Theme): Rows {
  const rows = lazyRows(nodes, (node) => ({
    ...rowOf(session, node),
    cells: foundLine(session, node, theme),
  }));
  // What fits best is selected whenever another letter is typed, wherever the selection was.
  return { ...rows, indexOfKey: () => -1 };
}

function lazyRows<T extends Entry | MenuNode>(items: readonly T[], make: (item: T) => Row): Rows {
  const made: Row[] = [];
  const keyOf = (item: T): string => String('node' in item ? item.node.index : item.index);
  return {
    length: items.length,
    at: (index) => {
      const item = items[index];
      return item && (made[index] ??= make(item));
    },
    indexOfKey: (key) => items.findIndex((item) => keyOf(item) === key),
  };
}

function rowOf(session: ConfigSession, node: MenuNode): Omit<Row, 'cells'> {
  return {
    key: String(session.remember(node)),
    title: titleOf(node),
    span: true,
    search: '',
    spoken: () => spokenEntry(session, node),
    detail: () => paneOf(session, node),
  };
}

/** What an entry is called where it stands alone. */
export function titleOf({ symbol, prompt, kind }: MenuNode): string {
  if (symbol) return `${symbol.name}  ${symbol.type}`;
  return prompt ?? kind;
}

function entryLine(session: ConfigSession, entry: Entry, theme: Theme, names: boolean): Line {
  const { node, depth, shown } = entry;
  const { symbol, prompt } = node;
  const { config } = session;
  const changed = symbol !== undefined && session.isChanged(symbol.name);
  const front: Segment[] = [
    seg(changed ? `${theme.glyphs.changed} ` : '  ', 'warn'),
    seg('  '.repeat(depth)),
  ];
  const text = shown ? 'plain' : 'muted';
  if (node.kind === 'comment') return [...front, seg(`    *** ${prompt} ***`, 'muted')];
  const line = [
    ...front,
    ...markSegments(markOf(config, node)),
    seg(prompt ?? symbol?.name ?? '', text),
  ];
  if (prompt === undefined) line.push(seg('  (no prompt)', 'muted'));
  if (node.choice) line.push(seg(` (${chosenOf(config, node.choice.members)})`, text));
  if (names && symbol && prompt !== undefined) line.push(seg(`  ${symbol.name}`, 'accent'));
  if (session.fromFile && shown && isNew(config, node)) line.push(seg('  (NEW)', 'warn'));
  if (!shown && prompt !== undefined) line.push(seg('  (hidden)', 'muted'));
  if (isEntered(node)) line.push(seg(isEmptyMenu(config, node) ? '  ----' : '  --->', 'muted'));
  return line;
}

function foundLine(session: ConfigSession, node: MenuNode, theme: Theme): Line {
  const { config } = session;
  const { symbol, prompt } = node;
  const shown = config.shown(node);
  const name = symbol ? fitText(symbol.name, NAME, 'left', theme.glyphs.ellipsis) : '';
  return [
    ...markSegments(markOf(config, node)),
    seg(name, shown ? 'strong' : 'muted'),
    seg(symbol ? ' ' : ''),
    // In front: a long prompt is cut at its end.
    seg(!shown && prompt !== undefined ? '(hidden) ' : '', 'muted'),
    seg(prompt ?? '(no prompt)', shown ? 'plain' : 'muted'),
    seg(isEntered(node) ? '  --->' : '', 'muted'),
  ];
}

/** A mark, in the tone of its value, as wide as the others. */
function markSegments(mark: string): Segment[] {
  return [seg(mark.padEnd(MARK), toneOf(mark)), seg(' ')];
}

function toneOf(mark: string): Tone {
  if (/^.[*X].$/.test(mark)) return 'good';
  if (/^.M.$/.test(mark)) return 'warn';
  return /^. .$/.test(mark) ? 'muted' : 'plain';
}
