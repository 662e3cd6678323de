import type { MenuNode } from 'kconfiglib-js';
import {
  type ConfigSession,
  chosenOf,
  isEmptyMenu,
  isEntered,
  isNew,
} from '../../sessions/config/index.ts';

/** An entry in words, for a screen reader: its prompt, its name, its value and what that is worth, what it opens. */
export function spokenEntry(session: ConfigSession, node: MenuNode): string {
  const { config } = session;
  const { symbol, prompt, kind } = node;
  if (kind === 'comment') return `comment: ${prompt}`;
  const shown = config.shown(node);
  const words = [
    prompt ?? 'no prompt',
    ...(symbol ? [symbol.name, ...valueWords(session, node)] : []),
  ];
  if (node.choice) words.push(`choice of ${chosenOf(config, node.choice.members) || 'none'}`);
  if (symbol && session.isChanged(symbol.name)) words.push('changed');
  if (session.fromFile && shown && isNew(config, node)) words.push('new');
  if (!shown) words.push('hidden');
  if (isEntered(node)) words.push(isEmptyMenu(config, node) ? 'empty menu' : 'menu');
  return words.join(', ');
}

function valueWords({ config }: ConfigSession, { symbol, parent }: MenuNode): string[] {
  if (!symbol || symbol.type === 'unknown') return [];
  const value = config.get(symbol.name);
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') return [value === '' ? 'empty' : value];
  if (symbol.choice && parent?.choice) return [value === 'y' ? 'chosen' : 'not chosen'];
  const can = config.assignable(symbol.name);
  const word = value === 'y' ? 'on' : value === 'm' ? 'module' : 'off';
  return can.length < 2 ? [word, 'cannot be changed'] : [word];
}
