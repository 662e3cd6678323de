import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { KconfigError } from '../diagnostics/diagnostic.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { type ParseOptions, parse } from '../parse/parse.ts';

/** Parse a tree from texts: `Kconfig`, or several files by name. */
export function tree(files: string | Record<string, string>, options: ParseOptions = {}): Kconfig {
  const table = typeof files === 'string' ? { Kconfig: files } : files;
  return parse('Kconfig', { readFile: (path) => table[path], ...options });
}

/** The errors of a tree that cannot be parsed. */
export function errorsOf(
  files: string | Record<string, string>,
  options: ParseOptions = {},
): Diagnostic[] {
  try {
    tree(files, options);
  } catch (error) {
    if (error instanceof KconfigError)
      return error.diagnostics.filter((d) => d.severity === 'error');
    throw error;
  }
  return [];
}
