import type { Conventions } from './conventions.ts';

/** A text whose other parts are blanks, so that places stay; undefined if there are no statements in it. */
type Blanked = string | undefined;

/** The statements of Kconfig's language in a C file. */
export function embeddedKconfig({ embedded }: Conventions, text: string): Blanked {
  if (embedded.kconfig !== undefined) return linesBehind(embedded.kconfig, text);
  return embedded.stanzas ? stanza(text) : undefined;
}

/** The lines of a Makefile in a C file. */
export function embeddedMakefile({ embedded }: Conventions, text: string): Blanked {
  return embedded.makefile === undefined ? undefined : linesBehind(embedded.makefile, text);
}

function linesBehind(prefix: string, text: string): Blanked {
  if (!text.includes(prefix)) return undefined;
  return text.replace(/.+/g, (line) =>
    line.startsWith(prefix)
      ? ' '.repeat(prefix.length) + line.slice(prefix.length)
      : ' '.repeat(line.length),
  );
}

/** From the first `config X` to the end of the comment. */
function stanza(text: string): Blanked {
  const from = text.search(/^config [A-Z]/m);
  if (from < 0) return undefined;
  const end = text.slice(from).search(/^\*\//m);
  const to = end < 0 ? text.length : from + end;
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  return blank(text.slice(0, from)) + text.slice(from, to) + blank(text.slice(to));
}

/** The script of toybox that defines options for what it tries with a compiler. */
export const PROBER = 'scripts/genconfig.sh';

/** Names of those options, and where they stand in it. */
export function probed(text: string): { name: string; offset: number }[] {
  return [...text.matchAll(/\bprobesymbol +([A-Z][A-Z0-9_]+)/g)].map(
    ({ 0: all, 1: name, index }) => ({
      name: name as string,
      offset: index + all.length - (name as string).length,
    }),
  );
}
