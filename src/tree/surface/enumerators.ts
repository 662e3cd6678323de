import { preprocess } from '../preprocess/preprocessor.ts';
import { itemsOfFile, type Token, tokensOf } from '../preprocess/tokens.ts';
import type { Files } from '../preprocess/unit.ts';

/** The text of a file that an `#include` means; undefined where there is none. */
export type Included = (name: string, quoted: boolean) => string | undefined;

/** What a list is made of at most: the longest of a kernel, that of the helpers of BPF, has some thousands of tokens. */
const LONGEST = 1_000_000;

const DEFINITION = /^[ \t]*#[ \t]*(?:define|undef)\b(?:.*\\\n)*.*$/gm;

const MAIN = 'enum';

/**
 * The names an enum lists, in order. `before` is what its file has above it, `body` what stands between its braces. Lists that
 * macros of the file make (`#define X(a) a,`), or files that are included there, are expanded as the compiler expands them; of a
 * call of which nothing is known nothing is listed.
 */
export function enumeratorsOf(
  before: () => string,
  body: string,
  isMacro: (name: string) => boolean,
  included: Included = () => undefined,
): string[] {
  const written = body.includes('#') ? undefined : tokensOf(body);
  const plain = written?.every(({ kind, text }) => kind !== 'name' || !isMacro(text));
  const list = written && plain ? written : expanded(before(), body, included);
  const names: string[] = [];
  let depth = 0;
  let begins = true;
  for (const [at, { text, kind }] of list.entries()) {
    if (/^[([{]$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text)) depth--;
    else if (depth > 0) continue;
    else if (text === ',') begins = true;
    else if (begins && kind === 'name' && list[at + 1]?.text !== '(') {
      names.push(text);
      begins = false;
    }
  }
  return names;
}

function expanded(before: string, body: string, included: Included): Token[] {
  const definitions = [...before.matchAll(DEFINITION)].map(([line]) => line);
  const items = itemsOfFile(`${definitions.join('\n')}\n${body}`);
  const texts = new Map<string, string>();
  const files: Files = {
    items: (path) => itemsOfFile(texts.get(path) ?? ''),
    resolve: (name, quoted) => {
      const text = included(name, quoted);
      if (text === undefined) return undefined;
      texts.set(name, text);
      return name;
    },
  };
  const { tokens } = preprocess(MAIN, files, [], { items, limit: LONGEST });
  return tokens.map(({ token }) => token);
}
