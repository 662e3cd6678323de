import { and } from '../condition/formula.ts';
import { type Defines, kconfigMacro } from '../condition/parse-condition.ts';
import { type Around, assemblyFunctions } from '../source/assembly.ts';
import { type Branch, type Conditionals, conditionalsOfHead } from '../source/conditionals.ts';
import { AHEAD, declarationsAt } from '../source/declarations.ts';
import { strip } from '../source/strip.ts';
import { conventionAt } from './convention-at.ts';
import { isAssembly } from './language.ts';
import type { Reference, Spot } from './reference.ts';

const MACRO =
  /\b(IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE|__is_defined|IF_ENABLED|PTR_IF)\s*\(\s*CONFIG_$/;

/** Mentions of options in a C file, reached as its conditionals say. They are sorted by their places. */
export function cReferences(
  file: string,
  text: string,
  spots: readonly Spot[],
  defines: Defines,
): Reference[] {
  const places = spots.map(({ offset }) => offset);
  // Of a large file only what comes before the last mention is looked at.
  const near = text.indexOf('\n', (places.at(-1) ?? 0) + AHEAD);
  const { code, comments } = strip(near < 0 ? text : text.slice(0, near + 1), true);
  const parsed = conditionalsOfHead(text, code, defines);
  const declared: readonly Around[] = declarationsAt(text, code, places);
  const list = isAssembly(file)
    ? [...declared.filter(({ kind }) => kind === 'macro'), ...assemblyFunctions(code)]
    : declared;
  const around = enclosings(list, places);
  return spots.map(({ offset, symbol }, i): Reference => {
    const line = parsed.lines.lineAt(offset);
    const at = { file, line, in: around[i] };
    const outer = parsed.at(line);
    const named = conventionAt(text, offset, symbol, defines.conventions);
    const byConvention = named && {
      ...at,
      ...named.told,
      reached: outer,
      holds: and(outer, named.holds),
    };
    if (isWithin(comments, offset)) {
      // What a script takes out of comments is compiled elsewhere.
      if (byConvention && isExtracted(text, offset)) return { ...byConvention, extracted: true };
      return { ...at, kind: 'comment', reached: outer, holds: undefined };
    }
    const directive = directiveAt(parsed, line);
    if (directive)
      return { ...at, ...directive, ...(named?.told.spelled && { spelled: named.told.spelled }) };
    // In a text there are only blanks left.
    if (code.charCodeAt(offset) === 0x20) {
      return { ...at, kind: 'string', reached: outer, holds: undefined };
    }
    if (byConvention) return byConvention;
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
    return { ...at, kind: set ?? 'value', reached: outer, holds: undefined };
  });
}

/** Lines BusyBox's and toybox's scripts take out of comments: `//applet:IF_X(…)`, `USE_X(NEWTOY(…))`. */
function isExtracted(text: string, offset: number): boolean {
  const begin = text.lastIndexOf('\n', offset) + 1;
  return /^(?:\/\/\w+:|USE_\w+\()/.test(
    text.slice(begin, offset + 1) + text.slice(offset + 1, offset + 80),
  );
}

/** Does a place lie between two of these, which are sorted and go in pairs. */
function isWithin(pairs: readonly number[], place: number): boolean {
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pairs[middle] as number) <= place) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}

function directiveAt(
  { branches }: Conditionals,
  line: number,
): Pick<Reference, 'kind' | 'reached' | 'holds'> | undefined {
  // They come in the order of their lines, and do not overlap.
  let low = 0;
  let high = branches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((branches[middle] as Branch).lastLine < line) low = middle + 1;
    else high = middle;
  }
  const branch = branches[low];
  if (!branch || branch.line > line) return undefined;
  const { keyword, reached, taken } = branch;
  return { kind: keyword, reached, holds: taken };
}

/** What each of the places, which are sorted, is in: the shortest declaration around it. */
function enclosings(list: readonly Around[], places: readonly number[]): (string | undefined)[] {
  const sorted = list.filter(({ name }) => name !== '').sort((a, b) => a.start - b.start);
  let next = 0;
  let open: Around[] = [];
  return places.map((place) => {
    for (; next < sorted.length && (sorted[next] as Around).start <= place; next++)
      open.push(sorted[next] as Around);
    open = open.filter(({ end }) => place < end);
    let best = open[0];
    for (const one of open) if (best && one.end - one.start < best.end - best.start) best = one;
    return best && titleOf(best);
  });
}

function titleOf({ kind, name }: Around): string {
  if (kind === 'function') return name.endsWith(')') ? name : `${name}()`;
  return kind === 'struct' || kind === 'union' || kind === 'enum' ? `${kind} ${name}` : name;
}
