import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { DetailLine } from '../state/row.ts';
import { fitLine, seg } from '../text/line.ts';
import { count } from '../text/number.ts';
import { useTheme } from '../theme.ts';
import { detailLines } from './detail-lines.ts';
import { blankLines, Lines } from './lines.tsx';
import { ruleLine } from './rule.ts';

/** What there is to say about the selected row, as far as it fits, below a rule. */
export function DetailPane({
  title,
  remark,
  details,
  width,
  height,
  more,
}: {
  readonly title: string;
  readonly remark: string;
  readonly details: readonly DetailLine[];
  readonly width: number;
  readonly height: number;
  /** How to see the rest, e.g. `Enter`. */
  readonly more: string;
}): ReactElement {
  const { glyphs } = useTheme();
  const lines = detailLines(details, width, glyphs.ellipsis);
  const overflows = lines.length > height;
  const shown = lines.slice(0, overflows ? height - 1 : height);
  const hidden = lines.length - shown.length;
  const rest = `${glyphs.ellipsis} ${count(hidden, 'more line')}: ${more}`;
  return (
    <Box flexDirection="column" height={height + 1} flexShrink={0}>
      <Lines
        lines={[
          ruleLine(title, remark, width, glyphs),
          ...shown,
          ...(overflows ? [fitLine([seg(` ${rest}`, 'muted')], width, glyphs.ellipsis)] : []),
          ...blankLines(height - lines.length),
        ]}
      />
    </Box>
  );
}
