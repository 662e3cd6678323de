import { type Diagnostic, place } from './diagnostic.ts';

/** Nobody finds a caret under a longer line. */
const LONGEST = 2000;

/**
 * Render a diagnostic as `file:line:col: error: message`, followed by the source line with a caret under the span when
 * `source` can supply the file's text, and by the hint when there is one.
 */
export function formatDiagnostic(
  d: Diagnostic,
  source?: (file: string) => string | undefined,
): string {
  const lines = [`${place(d.span)}${d.severity}: ${d.message}`];
  const excerpt = d.span && source ? excerptOf(source(d.span.file), d.span.line) : undefined;
  if (d.span && excerpt !== undefined && excerpt.length <= LONGEST) {
    const label = String(d.span.line);
    lines.push(` ${label} | ${expandTabs(excerpt)}`);
    lines.push(` ${' '.repeat(label.length)} | ${caret(excerpt, d.span.column, d.span.endColumn)}`);
  }
  if (d.hint) lines.push(`  hint: ${d.hint}`);
  return lines.join('\n');
}

function excerptOf(text: string | undefined, line: number): string | undefined {
  if (text === undefined) return undefined;
  let start = 0;
  for (let n = 1; n < line; n++) {
    const at = text.indexOf('\n', start);
    if (at < 0) return undefined;
    start = at + 1;
  }
  const end = text.indexOf('\n', start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}

/** Tabs are shown as Kconfig authors see them: eight columns. */
function expandTabs(text: string): string {
  let out = '';
  for (const ch of text) out += ch === '\t' ? ' '.repeat(8 - (out.length % 8)) : ch;
  return out;
}

function caret(text: string, column: number, endColumn: number | undefined): string {
  const start = expandTabs(text.slice(0, column - 1)).length;
  const end = endColumn ? expandTabs(text.slice(0, endColumn - 1)).length : start + 1;
  return ' '.repeat(start) + '^'.repeat(Math.max(1, end - start));
}
