/** Statements behind whose first word options stand, or conditions. */
const STATEMENT =
  /^\s*(?:depends|select|imply|visible|range|default|def_\w+|if|prompt|bool|tristate|int|hex|string|menu|comment)\b(?!\s*[:+]?=)(.*)/;

/**
 * The words that stand for options in the lines of a Kconfig file, by line: read apart from the readers of kmatrix, which
 * are held to it. A help text goes on as long as it is indented as its first line; texts in quotes, comments and calls of
 * macros are no words.
 */
export function kconfigOperands(text: string): Map<number, ReadonlySet<string>> {
  const found = new Map<number, ReadonlySet<string>>();
  /** Columns of the help text under way; 0 for one that has not begun. */
  let help: number | undefined;
  let goesOn = false;
  for (const [at, line] of text.split('\n').entries()) {
    if (help !== undefined) {
      if (line.trim() === '') continue;
      const indent = columns(line);
      help = help === 0 ? indent : help;
      if (help > 0 && indent >= help) continue;
      help = undefined;
    }
    if (!goesOn && /^\s*(?:-{3})?help(?:-{3})?\s*$/.test(line)) {
      help = 0;
      continue;
    }
    const plain = withoutMacros(
      line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, ' ').replace(/#.*/, ''),
    );
    const rest: string | undefined = goesOn ? plain : STATEMENT.exec(plain)?.[1];
    goesOn = rest !== undefined && line.endsWith('\\');
    if (rest !== undefined) found.set(at + 1, new Set(rest.match(/[\w-]+/g)));
  }
  return found;
}

function columns(line: string): number {
  let width = 0;
  for (const letter of line) {
    if (letter === '\t') width += 8 - (width % 8);
    else if (letter === ' ') width++;
    else break;
  }
  return width;
}

/** Innermost parentheses go first, until no call of a macro is left. */
function withoutMacros(line: string): string {
  const less = line.replace(/\$\([^()]*\)/g, ' ').replace(/(\$\([^()]*)\([^()]*\)/g, '$1');
  return less === line ? line : withoutMacros(less);
}
