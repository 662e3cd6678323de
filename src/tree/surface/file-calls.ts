import { isShouted } from '../preprocess/file-scope.ts';
import type { Declaration } from '../source/declaration.ts';
import { closingParenthesis } from '../source/parentheses.ts';

/** A part of a file at file scope with calls in it that may be those of macros which declare something. */
export interface FileCall {
  /** As it is written; of a function without its body. */
  readonly head: string;
  /** The body, where it is that of a function. */
  readonly body: string;
  /** The names that are called. */
  readonly names: readonly string[];
  /** Where it begins. */
  readonly at: number;
}

/** A line that defines a macro, or no longer. */
export interface OwnDefinition {
  readonly name: string;
  /** The whole line, with those it goes on in. */
  readonly line: string;
  readonly at: number;
}

const DIRECTIVE = /^[ \t]*#[ \t]*(\w*)(?:[ \t]+(\w+))?(?:.*\\\n)*.*$/gm;

/** What may be called, and what may stand before that. */
const CALLED =
  /([A-Za-z_]\w*)\s*\(|\(|\b(?:static|extern|const|inline|volatile|noinline)\b|[A-Za-z_]\w*|[={]/g;

/** The calls of a view, whose declarations are known, and the macros it defines, in order. */
export function fileCalls(
  text: string,
  list: readonly Declaration[],
): { readonly calls: readonly FileCall[]; readonly definitions: readonly OwnDefinition[] } {
  const calls: FileCall[] = [];
  const definitions: OwnDefinition[] = [];
  const take = (from: number, to: number, body: string): void => {
    const head = text.slice(from, to);
    const names = calledIn(head);
    if (names.length > 0) calls.push({ head, body, names, at: from });
  };
  /** What stands between two declarations, and directives on the way. */
  const part = (from: number, to: number, body: string): void => {
    let begin = from;
    if (text.slice(from, to).includes('#')) {
      DIRECTIVE.lastIndex = from;
      for (let found = DIRECTIVE.exec(text); found; found = DIRECTIVE.exec(text)) {
        const { 0: line, 1: directive, 2: name, index } = found;
        if (index >= to) break;
        take(begin, index, '');
        begin = Math.min(to, index + line.length);
        if (name !== undefined && (directive === 'define' || directive === 'undef'))
          definitions.push({ name, line, at: index });
      }
    }
    take(begin, to, body);
  };
  let from = 0;
  for (const one of list) {
    if (one.kind === 'macro' || one.end <= from) continue;
    const isCode = one.kind === 'function';
    part(from, isCode ? one.bodyStart : one.end, isCode ? text.slice(one.bodyStart, one.end) : '');
    from = one.end;
  }
  part(from, text.length, '');
  return { calls, definitions };
}

/** Names in a part of a file that are called where a declaration can begin, or written as macros are. */
function calledIn(head: string): string[] {
  if (!head.includes('(')) return [];
  const names: string[] = [];
  let begins = true;
  CALLED.lastIndex = 0;
  for (let found = CALLED.exec(head); found; found = CALLED.exec(head)) {
    const [word, name] = found;
    if (word.endsWith('(')) {
      if (name !== undefined && (begins || isShouted(name)) && !KEYWORD.test(name))
        names.push(name);
      CALLED.lastIndex = closingParenthesis(head, found.index + word.length - 1) + 1;
      begins = true;
    } else if (word === '=' || word === '{') break;
    else begins &&= /^(?:static|extern|const|inline|volatile|noinline|__\w+)$/.test(word);
  }
  return names;
}

/** What has parentheses and is no macro, or one that says nothing of what is declared. */
const KEYWORD =
  /^(?:__attribute__|__attribute|typeof|__typeof__|__typeof|sizeof|_Alignas|asm|__asm__|_Static_assert|static_assert)$/;
