import { createHash } from 'node:crypto';
import type { Section } from './blocks.ts';
import type { Context } from './context.ts';
import { el, type Html, join, verbatim } from './html.ts';
import { SCRIPT } from './script/index.ts';
import { sectionId } from './section.ts';
import { STYLE } from './style/index.ts';

/** What a page is made of. */
export interface Page {
  readonly title: string;
  readonly intro: Html;
  readonly sections: readonly Section[];
}

/** One file that needs nothing else: no network, no script but its own, which it also does without. */
export function pageText(context: Context, { title, intro, sections }: Page): string {
  const links = sections.map(({ title: name }) =>
    el('li', {}, el('a', { href: `#${sectionId(context, name)}` }, name)),
  );
  const page = el(
    'html',
    { lang: 'en' },
    el(
      'head',
      {},
      el('meta', { charset: 'utf-8' }),
      el('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
      el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      el('meta', { name: 'color-scheme', content: 'light dark' }),
      el('meta', { name: 'generator', content: 'kmatrix' }),
      el('title', {}, title),
      verbatim('style', STYLE),
    ),
    el(
      'body',
      {},
      el('a', { class: 'skip', href: '#main' }, 'Skip to the report'),
      el(
        'header',
        {},
        el('h1', {}, title),
        intro,
        // The script fills this: without one there is nothing that does not work.
        el('div', { id: 'tools' }),
      ),
      links.length > 0 && el('nav', { 'aria-label': 'Sections' }, el('ul', {}, links)),
      el(
        'main',
        { id: 'main', tabindex: -1 },
        sections.map(({ html }) => html),
      ),
      context.tips.pool(),
      verbatim('script', SCRIPT),
    ),
  );
  return `<!doctype html>\n${page.markup}`;
}

/** Nothing is loaded, and nothing runs but the script of this page, named by its hash. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** A paragraph below the title, if there is anything to say. */
export function introText(text: string): Html {
  return text === '' ? join() : el('p', {}, text);
}
