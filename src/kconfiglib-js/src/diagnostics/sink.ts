import { type Diagnostic, KconfigError, type Span } from './diagnostic.ts';

/** Collects diagnostics in the order they are found and hands each to a listener at once. */
export class DiagnosticSink {
  readonly list: Diagnostic[] = [];
  errors = 0;
  readonly #listener: ((d: Diagnostic) => void) | undefined;

  constructor(listener?: (d: Diagnostic) => void) {
    this.#listener = listener;
  }

  add(d: Diagnostic): void {
    this.list.push(d);
    if (d.severity === 'error') this.errors++;
    this.#listener?.(d);
  }

  /** Report an error and stop: no more input is read. */
  fatal(d: Diagnostic): never {
    this.add(d);
    throw new KconfigError(this.list);
  }

  /** Report a finding whose `conf` text is `file:line:<sep>text`. */
  at(
    severity: Diagnostic['severity'],
    code: string,
    span: Span,
    message: string,
    confText: string | undefined,
    hint?: string,
  ): void {
    this.add(diagnostic(severity, code, span, message, confText, hint));
  }
}

/** Build a diagnostic whose `conf` text begins with `file:line:`. */
export function diagnostic(
  severity: Diagnostic['severity'],
  code: string,
  span: Span,
  message: string,
  confText: string | undefined,
  hint?: string,
): Diagnostic {
  const d: Diagnostic = { code, severity, message, span };
  if (confText !== undefined) {
    d.conf = `${span.file}:${span.line}:${confText}\n`;
    d.stream = 'stderr';
  }
  if (hint !== undefined) d.hint = hint;
  return d;
}
