import { and } from '../condition/formula.ts';
import { type Defines, kconfigMacro } from '../condition/parse-condition.ts';
import { type Conditionals, conditionals } from '../source/conditionals.ts';
import type { Declaration } from '../source/declaration.ts';
import { declarations } from '../source/declarations.ts';
import { stripComments } from '../source/strip.ts';
import type { Reference, Spot } from './reference.ts';

const MACRO =
  /\b(IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE|__is_defined|IF_ENABLED|PTR_IF)\s*\(\s*CONFIG_$/;

/** Mentions of options in a C file, reached as its conditionals say. */
export function cReferences(
  file: string,
  text: string,
  spots: readonly Spot[],
  defines: Defines,
): Reference[] {
  const parsed = conditionals(text, defines);
  const { code } = parsed;
  const last = Math.max(0, ...spots.map(({ offset }) => offset));
  const { list } = declarations(text, last);
  let bare: string | undefined;
  return spots.map(({ offset, symbol }): Reference => {
    const line = parsed.lines.lineAt(offset);
    const at = { file, line, in: enclosing(list, offset) };
    const outer = parsed.at(line);
    if (code.charCodeAt(offset) === 0x20) {
      return { ...at, kind: 'comment', reached: outer, holds: undefined };
    }
    const directive = directiveAt(parsed, line);
    if (directive) return { ...at, ...directive };
    const near = code.slice(Math.max(0, offset - 60), offset);
    const macro = MACRO.exec(near)?.[1];
    const test = macro === undefined ? undefined : kconfigMacro(macro, symbol);
    if (macro !== undefined) {
      const holds = test === undefined ? undefined : and(outer, test);
      return { ...at, kind: macro, reached: outer, holds };
    }
    const set = /^[ \t]*#[ \t]*(define|undef)[ \t]+CONFIG_$/.exec(
      near.slice(near.lastIndexOf('\n') + 1),
    )?.[1];
    // What is a text is told by what comes before.
    bare ??= stripComments(text.slice(0, last + 1), true);
    const quoted = bare.charCodeAt(offset) === 0x20 ? 'string' : 'value';
    return { ...at, kind: set ?? quoted, reached: outer, holds: undefined };
  });
}

function directiveAt(
  { branches }: Conditionals,
  line: number,
): Pick<Reference, 'kind' | 'reached' | 'holds'> | undefined {
  const branch = branches.find((one) => one.line <= line && line <= one.lastLine);
  if (!branch) return undefined;
  const { keyword, reached, taken } = branch;
  return { kind: keyword, reached, holds: taken };
}

function enclosing(list: readonly Declaration[], offset: number): string | undefined {
  let best: Declaration | undefined;
  for (const one of list) {
    if (one.start > offset || offset >= one.end || one.name === '') continue;
    if (!best || one.end - one.start < best.end - best.start) best = one;
  }
  if (!best) return undefined;
  const { kind, name } = best;
  if (kind === 'function') return name.endsWith(')') ? name : `${name}()`;
  return kind === 'struct' || kind === 'union' || kind === 'enum' ? `${kind} ${name}` : name;
}
