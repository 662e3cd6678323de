/** A place in a file. Lines and columns count from 1; `endColumn` is exclusive. */
export interface Span {
  file: string;
  line: number;
  column: number;
  endColumn?: number;
}

/**
 * One message about the input. `code` is stable and meant for programs; `message` is meant for people.
 * `conf` is the exact text the kernel's `conf` prints for the same finding (with its newline), and `stream` where it
 * prints it; both are absent for findings `conf` does not have.
 */
export interface Diagnostic {
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  span?: Span;
  hint?: string;
  conf?: string;
  stream?: 'stdout' | 'stderr';
}

/** Thrown when a tree cannot be used. Carries every diagnostic up to and including the fatal ones. */
export class KconfigError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((d) => d.severity === 'error');
    const first = errors[0];
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    super(
      first ? `${place(first.span)}${first.message}${more}` : 'the Kconfig tree cannot be used',
    );
    this.name = 'KconfigError';
    this.diagnostics = diagnostics;
  }
}

/** `file:line:column: `, or nothing where there is no span. */
export function place(span: Span | undefined): string {
  return span ? `${span.file}:${span.line}:${span.column}: ` : '';
}
