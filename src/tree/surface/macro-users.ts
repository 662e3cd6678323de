import { FileScope } from '../preprocess/file-scope.ts';
import { type Token, tokensOf } from '../preprocess/tokens.ts';
import type { Written } from './items.ts';

/** Macros that use others which are different. */
export interface MacroUsers {
  readonly names: readonly string[];
  /** Those of them in which such a macro is called where it may declare something. */
  readonly declaring: readonly string[];
}

const HEAD = /^\s*#\s*define\s+\w+/;

const WORD = /[A-Za-z_]\w*/g;

/** A name is put together, or something ends as a declaration does. */
const DECLARES = /##|[;}]/;

/** Statements and expressions with braces. */
const CODE = /\(\s*\{|\bdo\b/;

/** Can what a macro stands for be declarations. */
export function mayDeclare(definition: string): boolean {
  const body = definition.replace(HEAD, '');
  return DECLARES.test(body) && !CODE.test(body);
}

/**
 * Macros of a file that use one which is different, and are not so themselves. Where that may declare something (`isDeclaring`), others
 * of the file that call its user so are told, too: it takes many to make one (`SYSCALL_DEFINE3`).
 */
export function usersAmong(
  macros: ReadonlyMap<string, Written>,
  isChanged: (name: string) => boolean,
  isDeclaring: (name: string) => boolean,
): MacroUsers {
  const users = new Set<string>();
  const declaring = new Set<string>();
  const rest = new Map([...macros].map(([name, { raw }]) => [name, raw.replace(HEAD, '')]));
  for (let size = -1; size !== users.size + declaring.size; ) {
    size = users.size + declaring.size;
    for (const [name, body] of rest) {
      if (declaring.has(name) || isChanged(name)) continue;
      const words = body.match(WORD) ?? [];
      if (!users.has(name) && words.some(isChanged)) users.add(name);
      const isMeant = (word: string): boolean => isDeclaring(word) || declaring.has(word);
      if (words.some(isMeant) && !CODE.test(body) && callsIn(body).some(isMeant)) {
        users.add(name);
        declaring.add(name);
      }
    }
  }
  return { names: [...users], declaring: [...declaring] };
}

/** Names that stand in the body of a macro where a declaration can begin. */
function callsIn(body: string): string[] {
  const scope = new FileScope();
  const all = tokensOf(body.replace(/^\([^)]*\)/, '').replace(/\\\n/g, ' '));
  return all.filter((token) => calls(scope, token)).map(({ text }) => text);
}

function calls(scope: FileScope, token: Token): boolean {
  const found = token.kind === 'name' && scope.mayBegin(token.text);
  scope.take(token);
  return found;
}
