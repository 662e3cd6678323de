import { type Program, TRAIT } from '../eval/program.ts';
import { Node as MenuEntry, type Node, Prop, Sym, Tree } from '../menu/model.ts';
import { rows, starts, within } from './checks.ts';
import { BadSnapshot, type Column, type Columns, packText } from './container.ts';
import { TextPacker } from './texts.ts';

/** Fields of an entry, one column each. */
const NODE = [
  'depth',
  'sym',
  'index',
  'visibility',
  'dep',
  'written',
  'menuconfig',
  'file',
  'line',
  'column',
  'help',
  'prompt',
] as const;
/** Fields of a property, one column each. */
const PROP = [
  'node',
  'kind',
  'expr',
  'low',
  'high',
  'cond',
  'written',
  'file',
  'line',
  'column',
] as const;

type Table<F extends readonly string[]> = Record<F[number], Int32Array>;

/**
 * The columns of the tree itself: entries in the order of the menu with their depth, which cannot but be a tree, and
 * properties by symbol, those of menus and comments last. Undefined for a tree that is not what its links say.
 */
export function packTree(tree: Tree): Column[] | undefined {
  if (tree.classicChoices) return undefined;
  const order = preorder(tree.root);
  if (!order || order.nodes.length !== tree.nodeCount) return undefined;
  const { nodes, depths } = order;
  const files = new Map<string, number>();
  const fileTexts = new TextPacker();
  const fileOf = (name: string): number => {
    let at = files.get(name);
    if (at === undefined) {
      at = files.size;
      files.set(name, at);
      fileTexts.add(name);
    }
    return at;
  };
  const position = new Map<Node, number>();
  for (const [i, node] of nodes.entries()) position.set(node, i);

  const props: Prop[] = [];
  const numbers = new Map<Prop, number>();
  const take = (prop: Prop): void => {
    numbers.set(prop, props.push(prop) - 1);
  };
  const propStart = new Int32Array(tree.symbols.length + 1);
  for (const [id, sym] of tree.symbols.entries()) {
    for (const prop of sym.props) take(prop);
    propStart[id + 1] = props.length;
  }
  for (const node of nodes) if (node.prompt && !numbers.has(node.prompt)) take(node.prompt);
  const texts = new TextPacker();
  for (const prop of props) texts.add(prop.text);
  const helps = new TextPacker();
  const memberStart = new Int32Array(nodes.length + 1);
  const members: number[] = [];
  const node = table(NODE, nodes.length);
  const prop = table(PROP, props.length);
  let help = 0;
  for (const [i, n] of nodes.entries()) {
    node.depth[i] = depths[i] as number;
    node.sym[i] = n.sym?.id ?? -1;
    node.index[i] = n.index;
    node.visibility[i] = n.visibility;
    node.dep[i] = n.dep;
    node.written[i] = n.written;
    node.menuconfig[i] = n.menuconfig ? 1 : 0;
    node.file[i] = fileOf(n.file);
    node.line[i] = n.line;
    node.column[i] = n.column;
    node.help[i] = -1;
    if (n.help) {
      helps.add(n.help.text.slice(n.help.start, n.help.end));
      node.help[i] = help++;
    }
    node.prompt[i] = n.prompt ? (numbers.get(n.prompt) as number) : -1;
    for (const member of n.members ?? []) members.push(member.id);
    memberStart[i + 1] = members.length;
  }
  for (const [i, p] of props.entries()) {
    const at = position.get(p.node);
    if (at === undefined) return undefined;
    prop.node[i] = at;
    prop.kind[i] = p.kind;
    prop.expr[i] = p.expr;
    prop.low[i] = p.low;
    prop.high[i] = p.high;
    prop.cond[i] = p.cond;
    prop.written[i] = p.written;
    prop.file[i] = fileOf(p.file);
    prop.line[i] = p.line;
    prop.column[i] = p.column;
  }
  return [
    ...NODE.map((field) => node[field]),
    memberStart,
    Int32Array.from(members),
    propStart,
    ...PROP.map((field) => prop[field]),
    ...packText(texts.text),
    texts.starts,
    ...packText(helps.text),
    helps.starts,
    ...packText(fileTexts.text),
    fileTexts.starts,
  ];
}

function table<F extends readonly string[]>(fields: F, count: number): Table<F> {
  return Object.fromEntries(fields.map((field) => [field, new Int32Array(count)])) as Table<F>;
}

/** Entries from top to bottom; undefined where an entry hangs at another one than it says. */
function preorder(root: Node): { nodes: Node[]; depths: number[] } | undefined {
  const nodes: Node[] = [];
  const depths: number[] = [];
  let node: Node | undefined = root;
  let depth = 0;
  while (node) {
    nodes.push(node);
    depths.push(depth);
    if (node.list) {
      if (node.list.parent !== node) return undefined;
      node = node.list;
      depth++;
      continue;
    }
    while (node !== root && !node.next) {
      node = node.parent as Node;
      depth--;
    }
    if (node === root) break;
    if (node.next?.parent !== node.parent) return undefined;
    node = node.next;
  }
  return { nodes, depths };
}

/** Build the tree again. Everything laid out comes from the program, the rest from the columns. */
export function unpackTree(columns: Columns, program: Program, files: readonly string[]): Tree {
  const { store, size } = program;
  const read = <F extends readonly string[]>(fields: F): Table<F> => {
    const made = Object.fromEntries(fields.map((field) => [field, columns.ints()]));
    const count = (made[fields[0] as string] as Int32Array).length;
    for (const field of fields) rows(made[field] as Int32Array, count);
    return made as Table<F>;
  };
  const node = read(NODE);
  const memberStart = columns.ints();
  const members = columns.ints();
  const propStart = columns.ints();
  const prop = read(PROP);
  const texts = columns.text();
  const textStart = columns.ints();
  const helps = columns.text();
  const helpStart = columns.ints();
  const names = columns.text();
  const nameStart = columns.ints();
  const nodeCount = node.depth.length;
  const propCount = prop.node.length;
  const exprs = store.count;
  starts(memberStart, nodeCount, members.length);
  within(members, 0, size);
  starts(propStart, size, propStart[size] as number);
  within(propStart, 0, propCount + 1);
  starts(textStart, propCount, texts.length);
  starts(helpStart, helpStart.length - 1, helps.length);
  starts(nameStart, nameStart.length - 1, names.length);
  for (const column of [node.visibility, node.dep, node.written]) within(column, 0, exprs);
  for (const column of [prop.expr, prop.cond, prop.written]) within(column, 0, exprs);
  for (const column of [prop.low, prop.high]) within(column, 0, size);
  for (const column of [node.file, prop.file]) within(column, 0, nameStart.length - 1);
  within(node.sym, -1, size);
  within(node.index, 0, nodeCount);
  within(node.help, -1, helpStart.length - 1);
  within(node.prompt, -1, propCount);
  within(prop.node, 0, nodeCount);
  within(prop.kind, 1, 8);
  const fileNames = Array.from({ length: nameStart.length - 1 }, (_, i) =>
    names.slice(nameStart[i], nameStart[i + 1]),
  );
  const fileOf = (i: number): string => fileNames[i] as string;
  if (nodeCount === 0 || size < 3) throw new BadSnapshot('empty');

  const tree = new Tree(fileOf(node.file[0] as number), store);
  addSymbols(tree, program);
  const byIndex: (Node | undefined)[] = new Array<Node | undefined>(nodeCount);
  const nodes: Node[] = [tree.root];
  byIndex[0] = tree.root;
  const last: (Node | undefined)[] = [tree.root];
  for (let i = 0; i < nodeCount; i++) {
    const depth = node.depth[i] as number;
    const index = node.index[i] as number;
    const above = last[depth - 1];
    let made: Node = tree.root;
    if (i > 0) {
      if (depth < 1 || depth > last.length || !above || byIndex[index])
        throw new BadSnapshot('entries');
      const sym = node.sym[i] as number;
      made = new MenuEntry(
        sym < 0 ? undefined : tree.symbols[sym],
        above,
        index,
        fileOf(node.file[i] as number),
        node.line[i] as number,
        node.column[i] as number,
      );
      const before = last[depth];
      if (before) before.next = made;
      else above.list = made;
      last.length = depth;
      last.push(made);
      byIndex[index] = made;
      nodes.push(made);
    } else if (depth !== 0 || index !== 0) throw new BadSnapshot('root');
    made.visibility = node.visibility[i] as number;
    made.dep = node.dep[i] as number;
    made.written = node.written[i] as number;
    made.menuconfig = node.menuconfig[i] === 1;
    const help = node.help[i] as number;
    if (help >= 0)
      made.help = {
        text: helps,
        start: helpStart[help] as number,
        end: helpStart[help + 1] as number,
      };
    if (made.sym?.isChoice)
      made.members = Array.from(
        members.subarray(memberStart[i], memberStart[i + 1]),
        (id) => tree.symbols[id] as Sym,
      );
  }
  for (const made of byIndex) made?.sym?.nodes.push(made);
  addProps(tree, nodes, { node, prop, propStart, texts, textStart, fileOf });
  for (let id = 0; id < size; id++)
    if (program.isChoice(id) && !tree.symbols[id]?.nodes[0]) throw new BadSnapshot('choice');
  tree.nodeCount = nodeCount;
  tree.files.push(...files);
  if (program.modules > 2) tree.modules = tree.symbols[program.modules];
  return tree;
}

function addSymbols(tree: Tree, program: Program): void {
  const { size, traits, type, names } = program;
  for (let id = 0; id < size; id++) {
    const trait = traits[id] as number;
    const constant = (trait & TRAIT.CONSTANT) !== 0;
    const isChoice = (trait & TRAIT.CHOICE) !== 0;
    let sym = tree.symbols[id];
    if (!sym) {
      sym = new Sym(id, names.nameOf(id), constant, isChoice);
      tree.symbols.push(sym);
      if (!isChoice) (constant ? tree.constants : tree.names).set(sym.name, sym);
    }
    sym.type = type[id] as number;
    sym.dirDep = program.dirDep[id] as number;
    sym.revDep = program.revDep[id] as number;
    sym.implied = program.implied[id] as number;
    sym.inChoice = (trait & TRAIT.IN_CHOICE) !== 0;
    sym.transitional = (trait & TRAIT.TRANSITIONAL) !== 0;
    sym.warned = sym.checked = true;
  }
}

interface PropColumns {
  node: Table<typeof NODE>;
  prop: Table<typeof PROP>;
  propStart: Int32Array;
  texts: string;
  textStart: Int32Array;
  fileOf: (i: number) => string;
}

function addProps(tree: Tree, nodes: readonly Node[], columns: PropColumns): void {
  const { node, prop, propStart, texts, textStart, fileOf } = columns;
  const props: Prop[] = [];
  for (let i = 0; i < prop.node.length; i++) {
    const made = new Prop(
      nodes[prop.node[i] as number] as Node,
      prop.kind[i] as number,
      prop.written[i] as number,
      fileOf(prop.file[i] as number),
      prop.line[i] as number,
      prop.column[i] as number,
    );
    made.cond = prop.cond[i] as number;
    made.expr = prop.expr[i] as number;
    made.low = prop.low[i] as number;
    made.high = prop.high[i] as number;
    made.text = texts.slice(textStart[i], textStart[i + 1]);
    props.push(made);
  }
  for (const sym of tree.symbols) {
    const end = propStart[sym.id + 1] as number;
    for (let i = propStart[sym.id] as number; i < end; i++) sym.props.push(props[i] as Prop);
  }
  for (const [i, made] of nodes.entries()) {
    const at = node.prompt[i] as number;
    if (at >= 0) made.prompt = props[at] as Prop;
  }
}
