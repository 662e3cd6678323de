import { YES } from '../expr/store.ts';
import type { HelpRange } from '../lex/help-text.ts';
import { ENTRY, type HelpBytes, MARK, type TreeColumns } from './columns.ts';
import { Node, P, Prop, Sym, Tree } from './model.ts';

/** The objects of a tree, linked as it was written; `finalize` does the rest. */
export function buildTree(columns: TreeColumns): Tree {
  const tree = new Tree(columns.store.copy());
  const { symbols, entries, props, texts, fileNames } = columns;
  for (let id = 0; id < symbols.count; id++) {
    const sym = buildSymbol(columns, id);
    tree.symbols.push(sym);
    if (sym.isChoice) continue;
    if (sym.constant) tree.constants.set(sym.name, sym);
    // y, m and n are the same whether quoted or not.
    if (!sym.constant || id <= YES) tree.names.set(sym.name, sym);
  }

  const nodes: Node[] = [];
  for (let row = 0; row < entries.count; row++) {
    const sym = tree.symbols[entries.sym[row] as number];
    const node = new Node(
      sym,
      nodes[entries.parent[row] as number],
      row,
      fileNames[entries.file[row] as number] as string,
      entries.line[row] as number,
      entries.column[row] as number,
    );
    nodes.push(node);
    node.visibility = entries.visibility[row] as number;
    node.dep = node.written = entries.dep[row] as number;
    const marks = entries.marks[row] as number;
    node.menuconfig = (marks & ENTRY.MENUCONFIG) !== 0;
    node.addition = (marks & ENTRY.ADDITION) !== 0;
    if (sym && !node.addition) sym.nodes.push(node);
    const end = entries.helpEnd[row] as number;
    if (end !== 0) node.help = new Help(columns.helps, entries.helpStart[row] as number, end);
    node.members = columns.members.get(row)?.map((id) => tree.symbols[id] as Sym);
  }
  for (let row = 0; row < entries.count; row++) {
    const node = nodes[row] as Node;
    node.next = linked(nodes, entries.next[row] as number);
    node.list = linked(nodes, entries.list[row] as number);
  }
  tree.root = nodes[0] as Node;
  tree.nodeCount = entries.count;

  const made: (Prop | undefined)[] = [undefined];
  for (let row = 1; row < props.count; row++) {
    const node = nodes[props.entry[row] as number] as Node;
    const kind = props.kind[row] as number;
    const prop = new Prop(
      node,
      kind,
      props.written[row] as number,
      fileNames[props.file[row] as number] as string,
      props.line[row] as number,
      props.column[row] as number,
    );
    prop.cond = props.cond[row] as number;
    if (kind === P.PROMPT || kind === P.MENU || kind === P.COMMENT)
      prop.text = texts.at(props.value[row] as number);
    else prop.expr = props.value[row] as number;
    prop.low = props.low[row] as number;
    prop.high = props.high[row] as number;
    made.push(prop);
    node.sym?.props.push(prop);
  }
  for (let row = 0; row < entries.count; row++)
    (nodes[row] as Node).prompt = made[entries.prompt[row] as number];

  tree.files.push(...columns.files);
  if (columns.modules > 2) tree.modules = tree.symbols[columns.modules];
  tree.defconfigList = tree.symbols[columns.defconfigList];
  for (const [name, value] of columns.bounced) tree.bounced.set(name, value);
  tree.classicChoices = columns.classicChoices;
  tree.era = columns.era;
  tree.membersPromptOnce = columns.membersPromptOnce;
  tree.negationEndsSubmenu = columns.negationEndsSubmenu;
  return tree;
}

/** A help text that becomes a string when somebody reads it. */
class Help implements HelpRange {
  readonly start = 0;
  readonly #helps: HelpBytes;
  readonly #from: number;
  readonly #to: number;

  constructor(helps: HelpBytes, from: number, to: number) {
    this.#helps = helps;
    this.#from = from;
    this.#to = to;
  }

  get text(): string {
    return this.#helps.text(this.#from, this.#to);
  }

  get end(): number {
    return this.text.length;
  }
}

function linked(nodes: readonly Node[], row: number): Node | undefined {
  return row === 0 ? undefined : nodes[row];
}

function buildSymbol({ symbols, namedChoices }: TreeColumns, id: number): Sym {
  const marks = symbols.marks[id] as number;
  const isChoice = (marks & MARK.CHOICE) !== 0;
  const sym = new Sym(id, symbols.names.at(id), (marks & MARK.CONSTANT) !== 0, isChoice);
  sym.type = symbols.type[id] as number;
  sym.inChoice = (marks & MARK.IN_CHOICE) !== 0;
  sym.transitional = (marks & MARK.TRANSITIONAL) !== 0;
  sym.optional = (marks & MARK.OPTIONAL) !== 0;
  sym.allnoconfigY = (marks & MARK.ALLNOCONFIG_Y) !== 0;
  sym.bounce = (marks & MARK.BOUNCE) !== 0;
  if (isChoice) for (const [name, choice] of namedChoices) if (choice === id) sym.choiceName = name;
  return sym;
}
