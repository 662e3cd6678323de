import type { Difference } from 'kconfiglib-js';
import { type Outcome, othersOf, shownValue } from '../../sessions/config/index.ts';
import type { Theme } from '../../theme.ts';

/** Changed symbols that are named in a message. */
const NAMED = 3;

/** What to say of something done: the thing itself, then what else it changed, `watched` symbols first. */
export function outcomeText(
  outcome: Outcome,
  { glyphs }: Theme,
  watched: ReadonlySet<string> = new Set(),
): string {
  const all = othersOf(outcome);
  const others = [
    ...all.filter(({ name }) => watched.has(name)),
    ...all.filter(({ name }) => !watched.has(name)),
  ];
  if (others.length === 0) return outcome.text;
  const word = others.length === 1 ? '1 other changed' : `${others.length} others changed`;
  const named = others.slice(0, NAMED).map((one) => changeText(one, glyphs.arrow));
  const rest = others.length > NAMED ? `, ${glyphs.ellipsis}` : '';
  return `${outcome.text}; ${word} (o lists them): ${named.join(', ')}${rest}`;
}

function changeText({ name, left, right }: Difference, arrow: string): string {
  return `${name} ${shownValue(left)}${arrow}${shownValue(right)}`;
}
