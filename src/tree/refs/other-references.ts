import { and, option } from '../condition/formula.ts';
import { readMakefile } from '../kbuild/makefile.ts';
import { Lines } from '../source/lines.ts';
import type { Language } from './language.ts';
import type { Reference, Spot } from './reference.ts';

/** Mentions of options in a file that is no C. */
export function otherReferences(
  file: string,
  text: string,
  spots: readonly Spot[],
  language: Exclude<Language, 'c'>,
): Reference[] {
  const lines = new Lines(text);
  const makefile = language === 'makefile' ? readMakefile(text) : undefined;
  return spots.map(({ offset, symbol }): Reference => {
    const line = lines.lineAt(offset);
    const column = offset - (lines.starts[line - 1] as number);
    const written = lines.line(line);
    const plain = { file, line, in: undefined, reached: true, holds: undefined };
    if (language === 'kconfig') return { ...plain, ...inKconfig(lines, line) };
    if (language !== 'makefile') return { ...plain, kind: plainKind(language, written, column) };
    const reached = makefile?.at(line) ?? true;
    if (/(?:^|[^\\])#/.test(written.slice(0, column))) return { ...plain, kind: 'comment' };
    if (/^\s*(?:else\s+)?if(?:n?def|n?eq)\b/.test(written)) {
      return { ...plain, kind: 'conditional', reached };
    }
    // Not all projects have the prefix, and some put something between.
    if (/^\s*[\w./%-]+-\$[({](?:CONFIG_(?:\$[({]\w+[)}])?)?$/.test(written.slice(0, column))) {
      const holds = and(reached, option(symbol, 'on'));
      return { ...plain, kind: 'object', reached, holds };
    }
    return { ...plain, kind: 'makefile', reached };
  });
}

function plainKind(language: Language, written: string, column: number): string {
  if (language === 'rust') {
    const before = written.slice(0, column);
    if (before.includes('//')) return 'comment';
    return /\bcfg(?:_attr)?!?\(/.test(before) ? 'cfg' : 'value';
  }
  if (language !== 'defconfig') return language;
  return /^\s*#(?! CONFIG_\w+ is not set$)/.test(written) ? 'comment' : 'defconfig';
}

/** The statement a line of a Kconfig file belongs to, and the entry. */
function inKconfig(lines: Lines, line: number): { kind: string; in: string | undefined } {
  let first = line;
  while (first > 1 && lines.line(first - 1).endsWith('\\')) first--;
  const words = /^\s*(\w+)(?:\s+(on|if)\b)?/.exec(lines.line(first));
  const kind = /^(?:depends|visible)$/.test(words?.[1] ?? '')
    ? `${words?.[1]} ${words?.[2]}`
    : words?.[1];
  if (kind === 'config' || kind === 'menuconfig') return { kind: 'config', in: undefined };
  if (kind === 'if') return { kind, in: undefined };
  for (let at = first - 1; at > 0; at--) {
    const entry = /^\s*(?:(?:menu)?config\s+(\w+)|(choice|menu|comment)\b\s*(.*))\s*$/.exec(
      lines.line(at),
    );
    if (entry) return { kind: kind ?? 'other', in: entry[1] ?? `${entry[2]} ${entry[3]}`.trim() };
  }
  return { kind: kind ?? 'other', in: undefined };
}
