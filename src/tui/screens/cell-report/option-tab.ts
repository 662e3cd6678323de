import type { Report, ReportCell } from '../../../report/index.ts';
import { type DetailLine, headingRow, type Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import type { Glyphs } from '../../theme.ts';
import { basisOf, optionText, reasonBeside } from '../cell-facts.ts';
import { type ScreenTable, searchText } from '../table.ts';

/** What was refused, what was remarked, and every option with its value and the reason for it. */
export function optionTab(report: Report, cell: ReportCell, glyphs: Glyphs): ScreenTable {
  const refused = refusalRows(cell, glyphs);
  const notes = noteRows(cell, glyphs);
  const options = cell.options.map((option) => optionRow(report, cell, option, glyphs));
  return {
    columns: [{ title: 'option' }, { title: 'value', max: 16 }, { title: 'why', shrink: 20 }],
    rows: [
      ...(refused.length > 0 ? [headingRow('refused', 'Asked for and refused'), ...refused] : []),
      ...(notes.length > 0 ? [headingRow('notes', 'Remarks'), ...notes] : []),
      ...(refused.length + notes.length > 0 && options.length > 0
        ? [headingRow('resolved', 'As resolved')]
        : []),
      ...options,
    ],
  };
}

function refusalRows(cell: ReportCell, glyphs: Glyphs): Row[] {
  return cell.refusals.map(({ symbol, wanted, got, reason }) => ({
    key: `refused ${symbol}`,
    title: symbol,
    cells: [
      seg(`${glyphs.rejected} ${symbol}`, 'bad'),
      seg(`${wanted} ${glyphs.arrow} ${got}`),
      seg(reason),
    ],
    search: searchText(symbol, reason, 'refused'),
    detail: () => [
      { label: 'option', text: symbol },
      { label: 'asked', text: wanted },
      { label: 'got', text: got },
      { label: 'reason', text: reason },
    ],
  }));
}

function noteRows(cell: ReportCell, glyphs: Glyphs): Row[] {
  return cell.notes.map((text, index) => ({
    key: `note ${index}`,
    title: 'remark',
    span: true,
    cells: [seg(`${glyphs.stub} ${text}`, 'warn')],
    search: searchText(text),
    detail: () => [{ label: 'note', text }],
  }));
}

function optionRow(
  report: Report,
  cell: ReportCell,
  option: ReportCell['options'][number],
  glyphs: Glyphs,
): Row {
  const value = optionText(option.value, glyphs);
  return {
    key: option.symbol,
    cells: [
      seg(option.symbol),
      seg(value, option.value === 'y' ? 'good' : 'plain'),
      seg(reasonBeside(option)),
    ],
    search: searchText(`${option.symbol}=${option.value ?? ''}`, option.why),
    detail: () => optionDetail(report, cell, option, value, glyphs),
  };
}

function optionDetail(
  report: Report,
  cell: ReportCell,
  option: ReportCell['options'][number],
  shown: string,
  glyphs: Glyphs,
): DetailLine[] {
  const { symbol, value } = option;
  const others = report.cells.flatMap((other) => {
    const found = other.options.find((one) => one.symbol === symbol);
    return other.id !== cell.id && found && found.value !== value
      ? [`${optionText(found.value, glyphs)}  ${other.id}: ${reasonBeside(found)}`]
      : [];
  });
  return [
    { label: symbol, text: value === null ? 'not defined by this Kconfig' : shown, tone: 'strong' },
    { label: 'why', text: reasonBeside(option) },
    ...others.map((text, index) => ({ label: index === 0 ? 'elsewhere' : '', text })),
    { label: 'Kconfig', text: cell.kconfig },
    { label: 'basis', text: basisOf(report, 'options').statement },
  ];
}
