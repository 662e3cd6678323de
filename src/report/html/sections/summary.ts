import type { Report } from '../../model.ts';
import type { Context } from '../context.ts';
import { el, type Html } from '../html.ts';
import { section } from '../section.ts';
import { answersOf, otherSentences } from './answers.ts';
import { kernelOverview } from './evidence.ts';
import { evidenceHtml } from './evidence-links.ts';

/** The questions a reader comes with, answered, each with links to its evidence. */
export function summaryHtml(context: Context, report: Report, sections: ReadonlySet<string>): Html {
  const answers = answersOf(report);
  return section(
    context,
    'Summary',
    otherSentences(report, answers).map((sentence) => el('p', { class: 'lead' }, sentence)),
    answers.map((answer) =>
      el(
        'div',
        { class: 'answer' },
        el('h3', {}, answer.question),
        el(
          'ul',
          {},
          answer.sentences.map((sentence) => el('li', {}, sentence)),
        ),
        evidenceHtml(context, answer.sections, sections),
      ),
    ),
    report.kernels.length > 0 && kernelOverview(context, report),
  );
}
