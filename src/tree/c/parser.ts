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

/** Parses C. Trees live in the memory of WebAssembly, so they are used up within one call. */
export class CParser {
  readonly #parser: Parser;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** What a function makes of the syntax of a text. */
  with<T>(text: string, use: (root: SyntaxNode) => T): T {
    const tree = this.#parser.parse(text);
    if (!tree) throw new Error('the parser of C gave nothing');
    try {
      return use(tree.rootNode);
    } finally {
      tree.delete();
    }
  }
}
