import type { DiagnosticSink } from '../diagnostics/sink.ts';
import { diagnostic } from '../diagnostics/sink.ts';
import { choiceOf, type Node, nextNode, P, type Prop, type Sym, type Tree } from './model.ts';

/**
 * Members of a choice may have no defaults, and no prompt outside their choice, from 7.1 on none in another entry. Other
 * projects only warn (scripts/kconfig/parser.y, choice_check_sanity).
 */
export function checkChoice(sink: DiagnosticSink, choice: Node, tree: Tree): void {
  const { classicChoices: superset, membersPromptOnce } = tree;
  const outside = membersPromptOnce
    ? 'choice value must not have a prompt in another entry'
    : 'choice value has a prompt outside its choice group';
  const severity = superset ? 'warning' : 'error';
  for (let node = nextNode(choice, choice); node; node = nextNode(node, choice)) {
    if (!node.sym || (superset && choiceOf(node.sym)?.sym !== choice.sym)) continue;
    for (const prop of node.sym.props) {
      if (prop.kind === P.DEFAULT) {
        complain(
          sink,
          severity,
          prop,
          'member-default',
          'defaults for choice values not supported',
        );
      }
      if (prop.node === node || prop.kind !== P.PROMPT) continue;
      if (membersPromptOnce || prop.node.parent !== node.parent)
        complain(sink, severity, prop, 'member-outside', outside);
    }
  }
}

/** A transitional symbol (7.0) carries a value over from an old configuration; it can have nothing but help. */
export function checkTransitional(tree: Tree, sink: DiagnosticSink, node: Node, sym: Sym): void {
  if (!sym.transitional) return;
  const message = 'transitional symbols can only have help sections';
  if (!tree.store.isYes(node.dep)) complain(sink, 'error', node, 'transitional', message);
  else if (sym.props[0]) complain(sink, 'error', sym.props[0], 'transitional', message);
}

function complain(
  sink: DiagnosticSink,
  severity: 'error' | 'warning',
  at: Prop | Node,
  code: string,
  message: string,
): void {
  const span = { file: at.file, line: at.line, column: at.column };
  sink.add(diagnostic(severity, code, span, message, ` ${severity}: ${message}`));
}
