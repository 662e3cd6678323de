import type { DiagnosticSink } from '../diagnostics/sink.ts';
import { Simplifier } from '../expr/simplify.ts';
import { Transformer } from '../expr/transform.ts';
import { buildTree } from './build-tree.ts';
import { checkChoice, checkTransitional } from './check-choices.ts';
import { LoopChecker } from './check-loops.ts';
import type { TreeColumns } from './columns.ts';
import { finalizingTree } from './finalize.ts';
import { nextNode, type Tree, TYPE } from './model.ts';
import { finishSuperset } from './superset.ts';

/**
 * The tree with all dependencies inherited, menus nested and conditions simplified, as `conf` has it before it reads a
 * configuration. What is wrong with it goes to the sink, in the order of `conf`.
 */
export function finishTree(columns: TreeColumns, sink: DiagnosticSink): Tree {
  const run = finishing(columns, sink);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

/**
 * The same in steps: it yields between them. With `quiet`, nothing is looked for that would only be reported, for it is
 * known that there is nothing.
 */
export function* finishing(
  columns: TreeColumns,
  sink: DiagnosticSink,
  quiet = false,
): Generator<void, Tree> {
  const tree = buildTree(columns);
  yield;
  const typed = (type: number) => (id: number) => tree.symbols[id]?.type === type;
  const isBool = typed(TYPE.BOOL);
  const isConstant = (id: number): boolean => tree.symbols[id]?.constant === true;
  const transformer = new Transformer(tree.store, isBool, (id, forced) => {
    const message = `boolean symbol ${tree.symbols[id]?.name} tested for 'm'? test forced to '${forced}'`;
    sink.add({
      code: 'bool-is-m',
      severity: 'warning',
      message,
      conf: `${message}\n`,
      stream: 'stdout',
    });
  });
  const simplifier = new Simplifier(tree.store, {
    isBool,
    isTristate: typed(TYPE.TRISTATE),
    isConstant,
  });
  yield* finalizingTree({ tree, sink, transformer, simplifier }, tree.root);
  if (tree.classicChoices) finishSuperset(tree, sink);
  if (quiet) return tree;
  yield;
  const loops = new LoopChecker(tree, sink);
  for (let node = nextNode(tree.root, tree.root); node; node = nextNode(node, tree.root)) {
    if (!node.sym) continue;
    loops.check(node.sym);
    if (node.sym.isChoice) checkChoice(sink, node, tree);
    checkTransitional(tree, sink, node, node.sym);
  }
  return tree;
}
