import type { Context } from '../context.ts';
import { el, type Html } from '../html.ts';
import { sectionId } from '../section.ts';

/** Links to the sections an answer rests on, those that are on the page. */
export function evidenceHtml(
  context: Context,
  evidence: readonly string[],
  sections: ReadonlySet<string>,
): Html {
  return el(
    'p',
    { class: 'evidence' },
    'Evidence: ',
    evidence
      .filter((title) => sections.has(title))
      .map((title, i) => [
        i > 0 && ', ',
        el('a', { href: `#${sectionId(context, title)}` }, title),
      ]),
  );
}
