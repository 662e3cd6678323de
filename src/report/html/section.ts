import type { Provenance, Report } from '../model.ts';
import type { Context } from './context.ts';
import { type Child, el, type Html } from './html.ts';

/** Id of the section with a title. */
export function sectionId({ ids }: Context, title: string): string {
  return ids.of('section', title.toLowerCase());
}

/** A section with its heading and a link to itself. */
export function section(context: Context, title: string, ...children: readonly Child[]): Html {
  const id = sectionId(context, title);
  const head = `${id}:h`;
  return el(
    'section',
    { id, 'aria-labelledby': head },
    el(
      'div',
      { class: 'head' },
      el('h2', { id: head }, title),
      el('a', { class: 'anchor', href: `#${id}`, 'aria-label': `Link to: ${title}` }, '#'),
    ),
    children,
  );
}

/** Where the figures of a section come from, before any of them. */
export function basisNote({ provenance }: Report, of: Provenance['section']): Html[] {
  return provenance
    .filter((entry) => entry.section === of)
    .map(({ basis, statement }) =>
      el('p', { class: 'basis' }, el('strong', {}, basis), ' ', statement),
    );
}

/** What is not in the way until it is asked for. */
export function fold(summary: Child, ...children: readonly Child[]): Html {
  return el('details', {}, el('summary', {}, summary), children);
}
