import { selectedRow } from '../../state/cursor.ts';
import type { Size, State } from '../../state/model.ts';
import type { Line } from '../../text/line.ts';
import { count } from '../../text/number.ts';
import { plot } from '../../widgets/plot.ts';
import { cellOf } from '../cell-facts.ts';
import type { ScreenWorld } from '../module.ts';
import { METRICS, performanceSeries, workloadOfRow } from './performance-tab.ts';
import type { ReportScreen } from './screen.ts';

/** The plot of the cell, the workload of the selected row on top. */
export function performanceLines(
  state: State,
  { cell: id, metric, workload: only }: ReportScreen,
  world: ScreenWorld,
  { columns: width, rows: height }: Size,
): readonly Line[] {
  const { report, theme } = world;
  const cell = cellOf(report, id);
  const wanted = { metric, workload: only, marks: state.marks };
  const series = cell ? performanceSeries(report, cell, wanted) : [];
  const workload = workloadOfRow(selectedRow(state, world)?.key ?? '');
  return plot(series, {
    width,
    height,
    ascii: theme.ascii,
    glyphs: theme.glyphs,
    xTitle: 'CPUs',
    yTitle: METRICS[metric]!.title,
    yText: METRICS[metric]!.text,
    emphasis: only === null ? series.findIndex(({ name }) => name === workload) : 0,
    ...(only !== null && { heading: only }),
  });
}

/** What the plot shows, in words: where each workload begins and ends. */
export function performanceSentence(
  { marks }: State,
  { cell: id, metric, workload }: ReportScreen,
  { report }: ScreenWorld,
): string {
  const { title, text } = METRICS[metric]!;
  const cell = cellOf(report, id);
  const series = cell ? performanceSeries(report, cell, { metric, workload, marks }) : [];
  const parts = series.map(({ name, points }) => {
    const [first, last] = [points[0]!, points.at(-1)!];
    const end = points.length > 1 ? ` to ${text(last.y)} on ${count(last.x, 'CPU')}` : '';
    return `${name} ${text(first.y)} on ${count(first.x, 'CPU')}${end}`;
  });
  return parts.length === 0 ? '' : `Plot of ${title}: ${parts.join('; ')}.`;
}
