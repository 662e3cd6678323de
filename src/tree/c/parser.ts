import { createRequire } from 'node:module';
import { Language, Parser, type Node as SyntaxNode } from 'web-tree-sitter';

export type { SyntaxNode };

/** Languages there is a grammar of tree-sitter for, compiled to WebAssembly, by what their packages are called. */
export type Grammar = 'c' | 'rust';

const loaded = new Map<Grammar, Promise<SyntaxParser>>();

/** The parser of a language, loaded when it is first needed. */
export function loadParser(grammar: Grammar = 'c'): Promise<SyntaxParser> {
  const known = loaded.get(grammar) ?? load(grammar);
  loaded.set(grammar, known);
  return known;
}

async function load(grammar: Grammar): Promise<SyntaxParser> {
  const require = createRequire(import.meta.url);
  await Parser.init();
  const parser = new Parser();
  const file = require.resolve(`tree-sitter-${grammar}/tree-sitter-${grammar}.wasm`);
  parser.setLanguage(await Language.load(file));
  return new SyntaxParser(parser);
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

/** Parses one language. Trees live in the memory of WebAssembly, so they are used up within one call. */
export class SyntaxParser {
  readonly #parser: Parser;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** What a function makes of the syntax of a text; of one that `isTooDeep` as if there were nothing in it. */
  with<T>(text: string, use: (root: SyntaxNode) => T): T {
    const tree = this.#parser.parse(isTooDeep(text) ? '' : text);
    if (!tree) throw new Error('the parser gave nothing');
    try {
      return use(tree.rootNode);
    } finally {
      tree.delete();
    }
  }
}
