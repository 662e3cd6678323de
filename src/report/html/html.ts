import { inert } from '../../input/index.ts';

/**
 * Markup that is safe to write out. Only this file makes it, and from plain text only by escaping, so
 * that no text of a report can become a tag, an attribute or a script.
 */
export interface Html {
  readonly markup: string;
}

/** What may stand inside an element; strings and numbers are text, whatever they look like. */
export type Child = Html | string | number | false | null | undefined | readonly Child[];

/** Attributes by name: `true` writes the bare name, `false` and what is missing write nothing. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const VOID = new Set(['br', 'col', 'input', 'link', 'meta', 'wbr']);

/** Elements whose end is also the end of a line: the file can then be read and compared. */
const LINES = new Set(
  (
    'address body caption col colgroup dd details div dl dt figcaption figure footer form g h1 h2 h3 h4 head header ' +
    'html li link main meta nav ol p script section style summary svg table tbody tfoot thead title tr ul'
  ).split(' '),
);

/** An element. Names of elements and attributes come from code, everything else is escaped. */
export function el(tag: string, attributes: Attributes, ...children: readonly Child[]): Html {
  const end = LINES.has(tag) ? '\n' : '';
  const head = `<${tag}${attributesText(attributes)}>`;
  if (VOID.has(tag)) return { markup: head + end };
  return { markup: `${head}${markupOf(children)}</${tag}>${end}` };
}

/** An identifier that a narrow column may break behind an underscore or a colon. */
export function breakable(name: string): Html {
  const parts = name.split(/(?<=[_:])(?=[^_:])/);
  return el(
    'code',
    {},
    parts.map((part, i) => [i > 0 && el('wbr', {}), part]),
  );
}

/** Pieces one after the other. */
export function join(...children: readonly Child[]): Html {
  return { markup: markupOf(children) };
}

/** Text of our own that a browser takes as it is: a style sheet, a script. Never text of a report. */
export function verbatim(tag: 'style' | 'script', text: string): Html {
  if (/<\/|<!--/.test(text)) throw new Error(`a ${tag} must not hold "</" or "<!--"`);
  return { markup: `<${tag}>${text}</${tag}>\n` };
}

/** Text in which nothing acts: no markup, no control or bidirectional character, on one line. */
export function escaped(text: string): string {
  return inert(text).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function markupOf(children: readonly Child[]): string {
  return children.map(childText).join('');
}

function childText(child: Child): string {
  if (child === false || child === null || child === undefined) return '';
  if (typeof child === 'string') return escaped(child);
  if (typeof child === 'number') return escaped(String(child));
  return 'markup' in child ? child.markup : markupOf(child);
}

function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      if (value === undefined || value === false) return '';
      return value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`;
    })
    .join('');
}
