import type { Binding } from '../keys/binding.ts';
import { keyLabel } from '../keys/decode.ts';
import { fitLine, type Line, type Segment, seg } from '../text/line.ts';
import { textWidth } from '../text/width.ts';
import type { Theme } from '../theme.ts';

/** At most this many keys, more on a wide terminal: a footer that lists everything is not read. Help has the rest. */
const MAX_KEYS = 7;
const COLUMNS_PER_KEY = 17;

/** From this place of the table on, keys stay: back, help and quit are what a lost user looks for. */
const KEPT_FROM = 9;

/** The keys that work now, as many as fit. */
export function footerLine(bindings: readonly Binding[], width: number, theme: Theme): Line {
  const kept = [...bindings];
  const most = Math.max(MAX_KEYS, Math.floor(width / COLUMNS_PER_KEY));
  const tooLong = (): boolean => kept.reduce((sum, one) => sum + entryWidth(one, theme), 0) > width;
  while (kept.length > 1 && (kept.length > most || tooLong())) {
    const last = kept.findLastIndex(({ footer = 0 }) => footer < KEPT_FROM);
    kept.splice(Math.max(0, last), 1);
  }
  const segments = kept.flatMap((binding): Segment[] => {
    const click = { key: binding.keys[0]! };
    return [
      { text: ` ${keyText(binding, theme)}`, tone: 'accent', click },
      { text: ` ${binding.label} `, tone: 'muted', click },
    ];
  });
  return fitLine(segments, width, theme.glyphs.ellipsis);
}

/** The filter line while it is typed. */
export function filterLine(
  filter: string,
  bindings: readonly Binding[],
  width: number,
  theme: Theme,
): Line {
  const prompt: Line = [seg(` /${filter}`, 'strong'), { text: '_', tone: 'accent' }, seg('  ')];
  const used = prompt.reduce((sum, { text }) => sum + textWidth(text), 0);
  return fitLine([...prompt, ...footerLine(bindings, Math.max(0, width - used), theme)], width);
}

function keyText(binding: Binding, theme: Theme): string {
  return keyLabel(binding.keys[0]!, theme.ascii);
}

function entryWidth(binding: Binding, theme: Theme): number {
  return textWidth(keyText(binding, theme)) + textWidth(binding.label) + 3;
}
