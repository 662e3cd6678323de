import { Text } from 'ink';
import { memo, type ReactElement } from 'react';
import { type Line, lineText } from '../text/line.ts';
import { useTheme } from '../theme.ts';

interface Props {
  readonly line: Line;
  readonly selected?: boolean;
}

/**
 * One line of the screen as one text node. The line must already have its final width: Ink then has
 * nothing to measure or wrap, which is what keeps a key press within a frame.
 */
export const StyledLine = memo(function StyledLine({
  line,
  selected = false,
}: Props): ReactElement {
  const { tones, selected: selection } = useTheme();
  if (selected) {
    // One colour for the whole bar: state is still told by glyph and word.
    return (
      <Text wrap="truncate" {...selection}>
        {lineText(line)}
      </Text>
    );
  }
  return (
    <Text wrap="truncate">
      {line.map(({ text, tone = 'plain' }, index) => {
        const key = `${index}`;
        return tone === 'plain' ? (
          text
        ) : (
          <Text key={key} {...tones[tone]}>
            {text}
          </Text>
        );
      })}
    </Text>
  );
}, isSame);

/** Lines are made anew for every frame; most say what they said before, and need not be measured again. */
function isSame(before: Props, after: Props): boolean {
  if ((before.selected ?? false) !== (after.selected ?? false)) return false;
  if (before.line === after.line) return true;
  return (
    before.line.length === after.line.length &&
    before.line.every(({ text, tone }, index) => {
      const other = after.line[index]!;
      return text === other.text && (tone ?? 'plain') === (other.tone ?? 'plain');
    })
  );
}
