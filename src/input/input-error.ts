import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type Diagnostic, formatDiagnostic, KconfigError, type Span } from 'kconfiglib-js';

/**
 * What the user gave is wrong. The one exception every reader of user input throws; whoever shows it
 * exits with status 2. Anything else that is thrown is our fault.
 */
export class InputError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics.map((d) => formatDiagnostic(d)).join('\n'), options);
    this.name = 'InputError';
    this.diagnostics = diagnostics;
  }
}

/** An error diagnostic; keys without a value are left out, as `exactOptionalPropertyTypes` wants. */
export function errorDiagnostic(
  code: string,
  message: string,
  span?: Span,
  hint?: string,
): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    ...(span && { span }),
    ...(hint !== undefined && { hint }),
  };
}

/** An `InputError` of one diagnostic, to be thrown by the caller. */
export function inputError(code: string, message: string, span?: Span, hint?: string): InputError {
  return new InputError([errorDiagnostic(code, message, span, hint)]);
}

/**
 * Run something that reads Kconfig files. What is wrong with these is wrong with the user's input, so the
 * engine's own error becomes an `InputError` with the same diagnostics, errors only. Kconfig names files
 * from the top of its tree; with `folder`, that top, they are named so that the user can open them.
 */
export function readingKconfig<T>(read: () => T, folder?: string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KconfigError)) throw error;
    const errors = error.diagnostics.filter((d) => d.severity === 'error');
    const told = errors.length > 0 ? mostSpecific(errors) : error.diagnostics;
    throw new InputError(folder === undefined ? told : told.map((d) => relocated(d, folder)), {
      cause: error,
    });
  }
}

/** What the parser says of any bad line, the least telling first; every other code names a cause. */
const GENERIC = ['invalid-statement', 'syntax'];

/** Of several errors about one line the most telling alone: that is the clear message. */
function mostSpecific(errors: readonly Diagnostic[]): readonly Diagnostic[] {
  const place = ({ span }: Diagnostic) => `${span?.file}:${span?.line}`;
  const rank = ({ code }: Diagnostic) => {
    const generic = GENERIC.indexOf(code);
    return generic < 0 ? GENERIC.length : generic;
  };
  const best = new Map<string, number>();
  for (const d of errors) best.set(place(d), Math.max(rank(d), best.get(place(d)) ?? 0));
  return errors.filter((d) => rank(d) === best.get(place(d)));
}

function relocated(diagnostic: Diagnostic, folder: string): Diagnostic {
  const { span } = diagnostic;
  if (!span || isAbsolute(span.file)) return diagnostic;
  return { ...diagnostic, span: { ...span, file: join(folder, span.file) } };
}

/**
 * The diagnostics as text for a terminal, each with the line it is about. The lines are read again from
 * the files named; a file that cannot be read any more costs only its excerpt.
 */
export function formatInputError(error: InputError): string {
  const sources = new Map<string, string | undefined>();
  const sourceOf = (file: string): string | undefined => {
    if (!sources.has(file)) sources.set(file, tryRead(file));
    return sources.get(file);
  };
  return error.diagnostics.map((d) => formatDiagnostic(d, sourceOf)).join('\n');
}

function tryRead(file: string): string | undefined {
  try {
    // A pipe has been read, and nothing comes any more.
    return statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
