import type { Report, ReportCell } from '../../model.ts';
import type { Context } from '../context.ts';
import { breakable, el, type Html, join } from '../html.ts';
import { basisNote, fold, section } from '../section.ts';
import { htmlTable } from '../table.ts';
import { lookHtml, presenceLook } from './state.ts';

/** Every cell, what Kconfig made of it, and whether its kernel has the per-VMA lock. */
export function cellsHtml(context: Context, report: Report): Html[] {
  const { cells } = report;
  if (cells.length === 0) return [];
  const noted = cells.filter(({ status, notes }) => status === 'ok' && notes.length > 0);
  return [
    section(
      context,
      'Cells',
      basisNote(report, 'options'),
      htmlTable({
        caption: 'Cells: what was asked, and what Kconfig made of it',
        columns: [
          { title: 'Cell' },
          { title: 'Per-VMA lock' },
          { title: 'Why' },
          { title: 'Kernel' },
        ],
        rows: cells.map((cell) => ({
          id: context.ids.of('cell', cell.id),
          cells: [breakable(cell.id), lockCell(cell), whyText(cell), kernelCell(context, cell)],
        })),
      }),
      noted.length > 0 &&
        el(
          'ul',
          {},
          noted.flatMap(({ id, notes }) =>
            notes.map((note) => el('li', {}, el('code', {}, id), `: ${note}`)),
          ),
        ),
      fold('Options of every cell and why they have their values', optionTable(cells)),
    ),
  ];
}

function lockCell({ status, lock }: ReportCell) {
  if (status === 'rejected') {
    return {
      content: lookHtml({ sign: '×', word: 'rejected', tone: 'bad' }),
      attributes: { class: 'bad' },
    };
  }
  if (lock === null) return 'not known';
  const look = presenceLook(lock.present, lock.present ? 'present' : 'absent');
  return { content: lookHtml(look), attributes: { class: look.tone } };
}

function whyText({ status, refusals, lock }: ReportCell): string {
  if (status === 'ok') return lock?.why ?? '';
  return refusals
    .map(
      ({ symbol, wanted, got, reason }) =>
        `asks for ${symbol}=${wanted} and gets ${got === '' ? 'nothing' : got}: ${reason}`,
    )
    .join('; ');
}

function kernelCell({ ids }: Context, { kernel, sameAs }: ReportCell): Html | string {
  if (kernel === null) return 'not run';
  if (sameAs === null) return 'its own';
  return join(
    'the same as ',
    el('a', { href: `#${ids.of('cell', kernel)}` }, el('code', {}, kernel)),
  );
}

function optionTable(cells: readonly ReportCell[]): Html {
  return htmlTable({
    caption: 'Options of every cell',
    columns: [{ title: 'Option' }, { title: 'Cell' }, { title: 'Value' }, { title: 'Why' }],
    rows: cells.flatMap(({ id, options }) =>
      options.map(({ symbol, value, why }) => ({
        cells: [el('code', {}, symbol), el('code', {}, id), value ?? 'not defined', why],
      })),
    ),
  });
}
