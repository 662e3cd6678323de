import { KEYWORDS, T, type Token } from '../lex/tokens.ts';

const SPELLING = new Map<Token, string>([...KEYWORDS].map(([word, token]) => [token, `'${word}'`]));
for (const [token, text] of [
  [T.OR, '||'],
  [T.AND, '&&'],
  [T.EQUAL, '='],
  [T.UNEQUAL, '!='],
  [T.LESS, '<'],
  [T.LESS_EQUAL, '<='],
  [T.GREATER, '>'],
  [T.GREATER_EQUAL, '>='],
  [T.NOT, '!'],
  [T.OPEN_PAREN, '('],
  [T.CLOSE_PAREN, ')'],
  [T.COLON_EQUAL, ':='],
  [T.PLUS_EQUAL, '+='],
] as const) {
  SPELLING.set(token, `'${text}'`);
}

/** Name a token for a message, with a hint where a common mistake leads to it. */
export function describeToken(
  token: Token,
  value: string,
  statement?: string,
): [what: string, hint: string | undefined] {
  const habit = statement === undefined ? undefined : word(statement);
  switch (token) {
    case T.EOF:
      return ['end of file', 'a statement or block is not complete'];
    case T.EOL:
      return ['end of line', habit];
    case T.WORD:
      return [`'${value}'`, habit ?? word(value)];
    case T.WORD_QUOTE:
      return [`string "${value}"`, habit];
    case T.ASSIGN_VAL:
      return ['text of an assignment', habit];
    case T.HELPTEXT:
      return ['help text', habit];
    default:
      return [SPELLING.get(token) ?? 'token', habit];
  }
}

/** Words of older or other Kconfig dialects that people bring along. */
function word(value: string): string | undefined {
  switch (value) {
    case 'option':
      return "'option' was removed: write 'modules' for 'option modules', and a macro for 'option env='";
    case 'optional':
      return "choices can no longer be 'optional'";
    case '---help---':
      return "write 'help'";
    case 'def_int':
    case 'def_hex':
    case 'def_string':
      return `write the type and 'default' on two lines: '${value}' is not part of the kernel's language`;
    case 'rsource':
    case 'osource':
    case 'orsource':
      return "only 'source' is part of the kernel's language";
    case 'transitional':
      return "'transitional' is part of the language from Linux 6.18 on";
    default:
      return undefined;
  }
}
