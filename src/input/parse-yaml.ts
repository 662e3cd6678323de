import { createRequire } from 'node:module';
import type { Span } from 'kconfiglib-js';
import type { Alias, Document, LineCounter, Node, YAMLError } from 'yaml';
import { errorDiagnostic, InputError, inputError } from './input-error.ts';
import { type YamlEntry, YamlNode } from './yaml-node.ts';

const require = createRequire(import.meta.url);

/** The parser, loaded when the first YAML is read: it is a third of what a command without YAML loads. */
const yaml = () => require('yaml') as typeof import('yaml');

/**
 * Nodes a file may have once its aliases are followed. A file written by hand has hundreds; a few lines of
 * aliases of aliases have billions.
 */
const MAX_NODES = 1_000_000;

/** Lists and maps inside each other. Beyond it the file is an attack on the stack or a mistake. */
const MAX_DEPTH = 100;

const TOO_DEEP = `lists and maps are nested more than ${MAX_DEPTH} deep`;

/** Syntax errors shown at once: after the first few, the rest follow from them. */
const MAX_ERRORS = 5;

/**
 * Read YAML 1.2 (JSON is a part of it). `file` is used in messages only. The whole file is checked here:
 * syntax, keys given twice, tags nobody knows, aliases that explode or lead to themselves.
 */
export function parseYaml(text: string, file: string): YamlNode {
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  let doc: Document.Parsed;
  try {
    // Keys given twice are found here by their text, in linear time and with both places.
    doc = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep({ file, line: 1, column: 1 });
    throw error;
  }
  const problems = [...doc.errors, ...doc.warnings];
  if (problems.length > 0) {
    throw new InputError(
      problems
        .slice(0, MAX_ERRORS)
        .map((e) => errorDiagnostic('yaml-syntax', message(e), spanOf(e.pos, text, file, lines))),
    );
  }
  return new Reader(doc, text, file, lines).read();
}

class Reader {
  readonly #yaml = yaml();
  readonly #root: Node | null;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #text: string;
  readonly #file: string;
  readonly #lines: LineCounter;
  #nodes = 0;
  /** Nodes on the way from the root, to notice an alias to one of its own parents. */
  readonly #open = new Set<Node>();

  constructor(doc: Document.Parsed, text: string, file: string, lines: LineCounter) {
    this.#root = doc.contents;
    this.#targets = aliasTargets(doc);
    this.#text = text;
    this.#file = file;
    this.#lines = lines;
  }

  read(): YamlNode {
    const start: Span = { file: this.#file, line: 1, column: 1 };
    return this.#node(this.#root, start, '');
  }

  /** `fallback` is the place of a node that is not written, such as the value of `key:`. */
  #node(node: Node | null, fallback: Span, path: string): YamlNode {
    const span = node?.range ? this.#span(node.range) : fallback;
    if (++this.#nodes > MAX_NODES) {
      throw inputError('yaml-too-large', `too many values: more than ${MAX_NODES}`, span);
    }
    if (this.#open.size > MAX_DEPTH) throw tooDeep(span);
    if (this.#yaml.isAlias(node)) return this.#alias(node, span, path);
    if (this.#yaml.isMap(node) || this.#yaml.isSeq(node)) {
      if (this.#open.has(node)) {
        throw inputError('yaml-alias', 'this value contains itself through an alias', fallback);
      }
      this.#open.add(node);
      const result = this.#yaml.isMap(node)
        ? new YamlNode({ kind: 'map', entries: this.#entries(node.items, path) }, span, path)
        : new YamlNode(
            {
              kind: 'seq',
              items: node.items.map((item, i) =>
                this.#node(item as Node | null, span, `${path}[${i}]`),
              ),
            },
            span,
            path,
          );
      this.#open.delete(node);
      return result;
    }
    if (!this.#yaml.isScalar(node) || node.value === null)
      return new YamlNode({ kind: 'null' }, span, path);
    const { value } = node;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw inputError('yaml-syntax', 'a value of this kind is not understood here', span);
    }
    return new YamlNode({ kind: 'scalar', value, text: scalarText(node) }, span, path);
  }

  #alias(alias: Alias, span: Span, path: string): YamlNode {
    const target = this.#targets.get(alias);
    if (!target) throw inputError('yaml-alias', 'this alias names no anchor above it', span);
    return this.#node(target, span, path);
  }

  #entries(pairs: readonly { key: unknown; value: unknown }[], path: string): readonly YamlEntry[] {
    const seen = new Map<string, Span>();
    return pairs.map(({ key, value }) => {
      const node = key as Node | null;
      const span = this.#span(node?.range ?? [0, 0]);
      if (!this.#yaml.isScalar(node) || node.value === null) {
        throw inputError('yaml-key', 'a key must be a single word or a quoted text', span);
      }
      const name = scalarText(node);
      const first = seen.get(name);
      if (first) {
        throw inputError(
          'duplicate-key',
          `"${name}" is given twice`,
          span,
          `the first one is on line ${first.line}`,
        );
      }
      seen.set(name, span);
      const child = path === '' ? name : `${path}.${name}`;
      return { name, span, value: this.#node(value as Node | null, span, child) };
    });
  }

  #span(range: readonly number[]): Span {
    return spanOf([range[0]!, range[1]!], this.#text, this.#file, this.#lines);
  }
}

/** The node each alias stands for: the last one above it with that anchor. */
function aliasTargets(doc: Document.Parsed): Map<Alias, Node> {
  const { isAlias, visit } = yaml();
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(doc, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** Text of a scalar as written; for a quoted or block scalar its content. */
function scalarText(node: { value?: unknown; source?: string; type?: string }): string {
  return node.type === 'PLAIN' && node.source !== undefined ? node.source : String(node.value);
}

function tooDeep(span: Span): InputError {
  return inputError('yaml-too-deep', TOO_DEEP, span);
}

function spanOf(
  [start, end]: readonly [number, number],
  text: string,
  file: string,
  lines: LineCounter,
): Span {
  const { line, col } = lines.linePos(Math.min(start, text.length));
  const column = Math.max(col, 1);
  // A span of several lines is marked by its first character only.
  const oneLine = end > start && !text.slice(start, end).includes('\n');
  const span: Span = { file, line: Math.max(line, 1), column };
  return oneLine ? { ...span, endColumn: column + (end - start) } : span;
}

/** The parser's wording where it speaks to programmers, in words for the author of the file. */
function message(error: YAMLError): string {
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return 'there is more than one YAML document in this file';
    case 'TAG_RESOLVE_FAILED':
      return 'tags ("!name") are not understood here';
    case 'RESOURCE_EXHAUSTION':
      return TOO_DEEP;
    default:
      return error.message;
  }
}
