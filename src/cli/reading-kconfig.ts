import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type Diagnostic, InputError, readingKconfig } from '../input/index.ts';

/**
 * Run something that reads Kconfig files below a folder. Kconfig names files relative to that folder;
 * in errors they are named from where the user stands, so that they can be opened.
 */
export function readingKconfigIn<T>(folder: string, read: () => T): T {
  try {
    return readingKconfig(read);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.diagnostics.map((diagnostic) => relocated(diagnostic, folder)),
      { cause: error },
    );
  }
}

function relocated(diagnostic: Diagnostic, folder: string): Diagnostic {
  const { span } = diagnostic;
  if (!span || isAbsolute(span.file)) return diagnostic;
  const file = join(folder, span.file);
  return existsSync(file) ? { ...diagnostic, span: { ...span, file } } : diagnostic;
}
