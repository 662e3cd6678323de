import type { TortureResult } from '../../../kernel/index.ts';
import { tortureName, tortureSection } from '../../torture-document.ts';
import { grouped } from '../../words.ts';
import { blocksHtml } from '../blocks.ts';
import { type Context, newContext } from '../context.ts';
import { el, type Html } from '../html.ts';
import { introText, pageText } from '../page.ts';
import { type Bar, barPlot } from '../plot/bars.ts';
import { section } from '../section.ts';
import { tortureHistograms } from './torture-histograms.ts';

/** A torture test as one HTML file like that of a report. */
export function tortureHtml(results: readonly TortureResult[]): string {
  const context = newContext();
  return pageText(context, {
    title: 'kmatrix torture',
    intro: introText('What lookups of a VMA go through while others change it.'),
    sections: tortureSections(context, results).map((html) => ({ title: 'Torture', html })),
  });
}

/** What lookups went through while writers changed their VMA: retries and waits as bars and histograms, then every figure. */
export function tortureSections(context: Context, torture: readonly TortureResult[]): Html[] {
  if (torture.length === 0) return [];
  const [, ...blocks] = tortureSection(torture);
  // The answer comes before the plots, the figures behind them.
  const cut = blocks.findIndex((block, i) => i > 0 && block.kind === 'list') + 1;
  return [
    section(
      context,
      'Torture',
      blocksHtml(blocks.slice(0, cut), 'Torture'),
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
      tortureHistograms(context, torture),
      blocksHtml(blocks.slice(cut), 'Torture'),
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
    return { name: tortureName(result, torture), value, outer };
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
