import {
  type CsvSection,
  type ExportFormat,
  type ExportSubject,
  exportInThread,
  type Listing,
} from '../../report/index.ts';
import { REPORT_SESSION, type ReportSession } from '../sessions/report.ts';
import type { Sessions } from '../sessions/session.ts';
import { type SideName, sideOf } from '../sessions/sides.ts';
import type { Effect } from './effect.ts';
import type { EffectContext, Runner } from './runner.ts';

/** What is exported: the report, or that of some cells; a comparison; or a list as it is on the screen. */
export type ExportScope =
  | { readonly kind: 'report'; readonly cells?: readonly string[] }
  | { readonly kind: 'diff'; readonly left: SideName; readonly right: SideName }
  | { readonly kind: 'editions'; readonly left: string; readonly right: string }
  | { readonly kind: 'listing'; readonly listing: Listing };

/** Write what is on the screen to a file, or copy it. */
export interface ExportEffect extends Effect {
  readonly kind: 'export';
  readonly scope: ExportScope;
  readonly format: ExportFormat;
  readonly section?: CsvSection;
  /** Where to; `null` for the clipboard. */
  readonly path: string | null;
  readonly overwrite: boolean;
}

/** What became of it. */
export type ExportOutcome =
  | { readonly what: 'saved' | 'copied'; readonly path: string; readonly bytes: number }
  /** There is such a file: whoever asked may ask whether to overwrite it. */
  | { readonly what: 'exists'; readonly effect: ExportEffect }
  | { readonly what: 'failed'; readonly why: string };

/**
 * Most bytes to copy by OSC 52: terminals take some 100,000 bytes of base64 and drop a longer sequence
 * without a word.
 */
export const CLIPBOARD_BYTES = 74_994;

/** The escape sequence that puts a text on the clipboard of the terminal's user, wherever that is. */
export function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
}

/** Writes exports; a file that is there is never overwritten unless that was asked for. */
export const exportRunner: Runner<ExportEffect> = {
  kind: 'export',
  run: async (effect, context) => {
    const value = await outcomeOf(effect, context);
    context.dispatch({ type: 'answer', answer: { to: 'export', name: 'export', value } });
  },
};

async function outcomeOf(
  effect: ExportEffect,
  { services, sessions, terminal, ended }: EffectContext,
): Promise<ExportOutcome> {
  const { scope, format, section, path, overwrite } = effect;
  const { files } = services;
  if (path !== null) {
    if (!files) return { what: 'failed', why: 'nothing can be written here' };
    if (!overwrite && files.exists(path)) return { what: 'exists', effect };
  }
  const subject = subjectOf(scope, sessions);
  if (!subject) return { what: 'failed', why: 'there is nothing to export any more' };
  const text = await exportInThread({ subject, format, ...(section && { section }) }, ended);
  const bytes = Buffer.byteLength(text);
  if (path === null) {
    if (bytes > CLIPBOARD_BYTES) {
      const why = `${kilobytes(bytes)} are more than terminals take (${kilobytes(CLIPBOARD_BYTES)}): save it to a file`;
      return { what: 'failed', why };
    }
    terminal.write(clipboardSequence(text));
    return { what: 'copied', path: '', bytes };
  }
  const problem = files!.write(path, text);
  return problem === null ? { what: 'saved', path, bytes } : { what: 'failed', why: problem };
}

function subjectOf(scope: ExportScope, sessions: Sessions): ExportSubject | null {
  if (scope.kind === 'diff') {
    const [left, right] = [sideOf(sessions, scope.left), sideOf(sessions, scope.right)];
    return left && right ? { kind: 'diff', left, right } : null;
  }
  if (scope.kind === 'listing') return scope;
  const report = sessions.get<ReportSession>(REPORT_SESSION)?.report;
  if (scope.kind === 'editions') return report ? { ...scope, report } : null;
  return report ? { kind: 'report', report, ...(scope.cells && { cells: scope.cells }) } : null;
}

/** A size for people: `12 kB`. */
export function kilobytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${Math.ceil(bytes / 1000)} kB`;
}
