import type { Span } from '../diagnostics/diagnostic.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import type { KChoice, KSymbol, MenuNode, Property } from '../menu/views.ts';
import {
  type ExportChoice,
  type ExportNode,
  type ExportPlace,
  type ExportProperty,
  type ExportSymbol,
  type KconfigExport,
  schemaOf,
} from './schema.ts';

/** A parsed tree as plain data, ready for JSON. The same tree gives the same data. */
export function exportKconfig(kconfig: Kconfig): KconfigExport {
  const { choices } = kconfig;
  const index = new Map(choices.map((choice, i) => [choice.id, i]));
  const { selectedBy, impliedBy } = reverse(kconfig);
  return {
    schema: schemaOf('kconfiglib-js/kconfig'),
    mainmenu: kconfig.mainmenu,
    files: [...kconfig.files],
    env: Object.fromEntries([...kconfig.env].sort(([a], [b]) => (a < b ? -1 : 1))),
    symbols: [...kconfig.symbols]
      .sort(byName)
      .map((symbol) => symbolOf(symbol, index, selectedBy, impliedBy)),
    choices: choices.map(choiceOf),
    menu: nodeOf(kconfig.menu, index),
  };
}

/** Order by name, character by character: the same on every machine. */
export function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

type Reverse = ReadonlySet<string>;

/** The symbols anything selects or implies: asking each symbol would search the tree every time. */
function reverse(kconfig: Kconfig): { selectedBy: Reverse; impliedBy: Reverse } {
  const selectedBy = new Set<string>();
  const impliedBy = new Set<string>();
  for (const symbol of kconfig.symbols) {
    for (const { kind, value } of symbol.properties) {
      if (kind === 'select') selectedBy.add(value);
      else if (kind === 'imply') impliedBy.add(value);
    }
  }
  return { selectedBy, impliedBy };
}

function symbolOf(
  symbol: KSymbol,
  index: ReadonlyMap<number, number>,
  selectedBy: Reverse,
  impliedBy: Reverse,
): ExportSymbol {
  const { name, type, nodes, properties } = symbol;
  const of = (kind: Property['kind']): ExportProperty[] =>
    properties.filter((property) => property.kind === kind).map(propertyOf);
  const choice = symbol.choice && index.get(symbol.choice.id);
  const help = nodes.find((node) => node.help !== undefined)?.help;
  return {
    name,
    type,
    defined: nodes.map((node) => placeOf(node.span)),
    prompts: of('prompt'),
    defaults: of('default'),
    selects: of('select'),
    implies: of('imply'),
    ranges: of('range'),
    ...(symbol.directDep !== 'y' && { depends: symbol.directDep }),
    ...(selectedBy.has(name) && { selectedBy: symbol.reverseDep }),
    ...(impliedBy.has(name) && { impliedBy: symbol.weakReverseDep }),
    ...(choice !== undefined && { choice }),
    ...(help !== undefined && { help }),
  };
}

function choiceOf(choice: KChoice): ExportChoice {
  return {
    prompt: choice.prompt,
    type: choice.type,
    ...(choice.name !== undefined && { name: choice.name }),
    ...(choice.optional && { optional: true as const }),
    ...placeOf(choice.node.span),
    members: choice.members.map((member) => member.name),
    defaults: choice.defaults.map(propertyOf),
  };
}

function nodeOf(node: MenuNode, index: ReadonlyMap<number, number>): ExportNode {
  const choice = node.choice && index.get(node.choice.id);
  const children = node.children.map((child) => nodeOf(child, index));
  return {
    kind: node.kind,
    ...(node.prompt !== undefined && { prompt: node.prompt }),
    ...(node.symbol && { symbol: node.symbol.name }),
    ...(choice !== undefined && { choice }),
    ...placeOf(node.span),
    ...(node.dep !== 'y' && { depends: node.dep }),
    ...(node.visibleIf !== 'y' && { visible: node.visibleIf }),
    ...(children.length > 0 && { children }),
  };
}

function propertyOf({ value, condition, span }: Property): ExportProperty {
  return { value, ...(condition !== 'y' && { if: condition }), ...placeOf(span) };
}

function placeOf({ file, line }: Span): ExportPlace {
  return { file, line };
}
