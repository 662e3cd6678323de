import type { Report } from '../../model.ts';
import type { Context } from '../context.ts';
import { el, type Html } from '../html.ts';
import { section } from '../section.ts';
import { evidenceHtml } from './evidence-links.ts';

/** The questions of the series: each with its answer, what it rests on, and what would change it. */
export function keyQuestionsHtml(
  context: Context,
  { answers }: Report,
  sections: ReadonlySet<string>,
): Html[] {
  if (answers.length === 0) return [];
  return [
    section(
      context,
      'Key questions',
      answers.map(({ question, answer, sentences, changes, sections: evidence }) =>
        el(
          'div',
          { class: 'answer' },
          el('h3', {}, question),
          el('p', { class: 'lead' }, answer),
          list(sentences),
          changes.length > 0 && [el('h4', {}, 'What would change this answer'), list(changes)],
          evidenceHtml(context, evidence, sections),
        ),
      ),
    ),
  ];
}

function list(sentences: readonly string[]): Html {
  return el(
    'ul',
    {},
    sentences.map((sentence) => el('li', {}, sentence)),
  );
}
