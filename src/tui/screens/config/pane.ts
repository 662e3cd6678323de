import type { MenuNode } from 'kconfiglib-js';
import { type ConfigSession, menusTo, shownValue } from '../../sessions/config/index.ts';
import type { DetailLine } from '../../state/row.ts';
import { withValues } from './expression.ts';

/** What the pane below the list says of an entry: the value and its reason, then the help. */
export function paneOf(session: ConfigSession, node: MenuNode): DetailLine[] {
  const { config } = session;
  const { symbol } = node;
  const lines: DetailLine[] = [];
  if (symbol) {
    const why = config.why(symbol.name);
    lines.push({ label: 'Value', text: shownValue(why.value), tone: 'strong' });
    lines.push({ label: 'Why', text: why.text });
    if (why.wanted) lines.push({ label: 'But', text: why.wanted.text, tone: 'warn' });
    if (symbol.directDep !== 'y')
      lines.push({ label: 'Depends on', text: withValues(config, symbol.directDep) });
  } else if (node.dep !== 'y')
    lines.push({ label: 'Depends on', text: withValues(config, node.dep) });
  lines.push(...helpLines(node.help));
  if (menusTo(node).length > 1) lines.push({ label: 'Menu', text: pathText(node) });
  lines.push({ label: 'Defined', text: `${node.span.file}:${node.span.line}`, tone: 'muted' });
  return lines;
}

/** The names of the menus one goes through to an entry. */
export function pathText(node: MenuNode): string {
  const menus = menusTo(node).slice(1);
  return menus.length === 0 ? 'the first one' : menus.map(({ prompt }) => prompt).join(', ');
}

/** A help text as paragraphs: lines that are not indented are one paragraph up to the next empty line. */
export function helpLines(help: string | undefined): DetailLine[] {
  if (!help?.trim()) return [];
  const paragraphs: string[] = [];
  let open = false;
  for (const line of help.trimEnd().split('\n')) {
    const flows = line !== '' && !/^\s/.test(line) && !/^[-*\d]/.test(line);
    if (open && flows) paragraphs[paragraphs.length - 1] += ` ${line}`;
    else paragraphs.push(line);
    open = line !== '' && !/^\s/.test(line);
  }
  return paragraphs.map((text, index) => ({ label: index === 0 ? 'Help' : '', text }));
}
