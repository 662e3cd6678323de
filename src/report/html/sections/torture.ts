import type { TortureResult } from '../../../kernel/index.ts';
import type { Report } from '../../model.ts';
import { tortureSection } from '../../torture-document.ts';
import { grouped } from '../../words.ts';
import { blocksHtml } from '../blocks.ts';
import type { Context } from '../context.ts';
import { el, type Html } from '../html.ts';
import { type Bar, barPlot } from '../plot/bars.ts';
import { section } from '../section.ts';

/** What lookups went through while writers changed their VMA: retries and waits as bars, then every figure. */
export function tortureHtml(context: Context, { torture }: Report): Html[] {
  if (torture.length === 0) return [];
  const [, ...blocks] = tortureSection(torture);
  return [
    section(
      context,
      'Torture',
      el(
        'div',
        { class: 'plots' },
        plot(context, torture, {
          title: 'Retries of one lookup',
          unit: 'retries',
          of: ({ retries, unfinished }) => [
            retries.p999,
            Math.max(retries.max, unfinished?.retries ?? 0),
          ],
        }),
        plot(context, torture, {
          title: 'Time of one lookup',
          unit: 'ns',
          of: ({ time_ns, unfinished }) => [
            Math.round(time_ns.p999),
            Math.round(Math.max(time_ns.max, unfinished?.age_ns ?? 0)),
          ],
        }),
      ),
      blocksHtml(blocks, 'Torture'),
    ),
  ];
}

interface Measure {
  readonly title: string;
  readonly unit: string;
  /** The 99.9th percentile, and the most seen. */
  readonly of: (result: TortureResult) => readonly [number, number];
}

function plot(
  { ids }: Context,
  torture: readonly TortureResult[],
  { title, unit, of }: Measure,
): Html {
  const bars = torture.map((result): Bar => {
    const [value, outer] = of(result);
    return { name: nameOf(result), value, outer };
  });
  return el(
    'figure',
    {},
    el('figcaption', {}, `${title}: all but one in a thousand; after the slash the most seen`),
    barPlot({
      id: ids.of('plot', 'torture', title),
      title: `${title} under writers`,
      description: bars
        .map(
          ({ name, value, outer }) => `${name}: ${grouped(value)} / ${grouped(outer ?? 0)} ${unit}`,
        )
        .join('; '),
      unit,
      bars,
    }),
  );
}

function nameOf({ cell }: TortureResult): string {
  const { lookup, adversary, writers, place, scheduler } = cell;
  return `${lookup}: ${adversary} x ${writers} ${place}${scheduler === 'hostile' ? ', hostile' : ''}`;
}
