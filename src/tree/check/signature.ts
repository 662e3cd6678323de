import type { Declared, Segment } from '../c/declared.ts';
import { parsable } from '../c/parsable.ts';
import type { SyntaxNode, SyntaxParser } from '../c/parser.ts';
import { baseType, type CType, declarator } from '../c/types.ts';

/** What callers of a function see. */
export interface Signature {
  /** Result and parameters without their names: `struct x *(struct y *, int)`. */
  readonly text: string;
  readonly parameters: number;
  readonly variadic: boolean;
  readonly result: CType;
}

/** The signature of a function of a unit; undefined where the grammar cannot read it. */
export function signatureOf(
  declared: Declared,
  segment: Segment,
  parser: SyntaxParser,
): Signature | undefined {
  const text = parsable(declared, segment.from, segment.body?.[0] ?? segment.to - 1)
    .replace(/__attribute__ \(\( (?:(?!__attribute__)[^{};])* \)\)/g, ' ')
    .replace(/\b(?:static|extern|inline|__inline__|__inline|_Noreturn|asmlinkage)\b/g, ' ');
  return parser.with(`${text.trim()};`, (root) => {
    const node = root.namedChildren[0];
    const list = root.descendantsOfType('parameter_list')[0];
    const own = node?.childForFieldName('declarator');
    if (!node || !list || !own || node.hasError) return undefined;
    const parameters = list.namedChildren.filter(
      (one) => one !== null && one.type === 'parameter_declaration',
    ) as SyntaxNode[];
    const shown = parameters.map(bare);
    const empty = shown.length === 1 && shown[0] === 'void';
    const variadic = /\.\.\.\s*\)$/.test(list.text);
    const made = declarator(own, baseType(node)).type;
    const type = made.is === 'function' ? made.gives : made;
    const head = squeezed(
      node.text.slice(0, list.startIndex - node.startIndex).replace(/\w+\s*$/, ''),
    );
    return {
      text: `${head}(${[...shown, ...(variadic ? ['...'] : [])].join(', ')})`,
      parameters: empty ? 0 : parameters.length,
      variadic,
      result: type,
    };
  });
}

/** A parameter without its name. */
function bare(node: SyntaxNode): string {
  const name = node.descendantsOfType('identifier').find((one) => {
    const up = one?.parent?.type ?? '';
    return (
      /declarator$|^parameter_declaration$/.test(up) &&
      !(up === 'array_declarator' && one?.parent?.childForFieldName('size')?.id === one?.id)
    );
  });
  if (!name) return squeezed(node.text);
  const from = name.startIndex - node.startIndex;
  return squeezed(node.text.slice(0, from) + node.text.slice(from + name.text.length));
}

function squeezed(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ?([*()[\],]) ?/g, '$1')
    .replace(/([\w])\*/g, '$1 *')
    .trim();
}
