import { createRequire } from 'node:module';
import { Language, Parser, type Node as SyntaxNode } from 'web-tree-sitter';

export type { SyntaxNode };

let loaded: Promise<Parser> | undefined;

/** The grammar of C (tree-sitter-c, compiled to WebAssembly), loaded when it is first needed. */
export function loadParser(): Promise<CParser> {
  loaded ??= load();
  return loaded.then((parser) => new CParser(parser));
}

async function load(): Promise<Parser> {
  const require = createRequire(import.meta.url);
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve('tree-sitter-c/tree-sitter-c.wasm')));
  return parser;
}

/** Deeper brackets are a joke or an attack: their tree takes gigabytes. Compilers allow some hundreds. */
const DEEPEST = 2000;

/** Are brackets nested deeper than what is parsed. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x28 || char === 0x7b || char === 0x5b) {
      if (++depth > DEEPEST) return true;
    } else if (depth > 0 && (char === 0x29 || char === 0x7d || char === 0x5d)) depth--;
  }
  return false;
}

/** Parses C. Trees live in the memory of WebAssembly, so they are used up within one call. */
export class CParser {
  readonly #parser: Parser;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** What a function makes of the syntax of a text; of one that `isTooDeep` as if there were nothing in it. */
  with<T>(text: string, use: (root: SyntaxNode) => T): T {
    const tree = this.#parser.parse(isTooDeep(text) ? '' : text);
    if (!tree) throw new Error('the parser of C gave nothing');
    try {
      return use(tree.rootNode);
    } finally {
      tree.delete();
    }
  }
}
