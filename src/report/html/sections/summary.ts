import type { Report } from '../../model.ts';
import type { Context } from '../context.ts';
import { el, type Html } from '../html.ts';
import { section, sectionId } from '../section.ts';
import { answersOf, otherSentences } from './answers.ts';
import { kernelOverview } from './evidence.ts';

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
        el(
          'p',
          { class: 'evidence' },
          'Evidence: ',
          answer.sections
            .filter((title) => sections.has(title))
            .map((title, i) => [
              i > 0 && ', ',
              el('a', { href: `#${sectionId(context, title)}` }, title),
            ]),
        ),
      ),
    ),
    report.kernels.length > 0 && kernelOverview(context, report),
  );
}
