import type { Evaluator } from '../eval/evaluator.ts';
import { NO } from '../expr/store.ts';
import { type Node, type Prop, TYPE } from '../menu/model.ts';
import { symbolLine } from '../write/symbol-line.ts';
import type { Session } from './session.ts';
import { extendedHelp } from './symbol-help.ts';

/** Print what the user could set and has not: the values as they are, or the help texts. */
export function listNew(session: Session, help: boolean): void {
  session.config.evaluator.prepare();
  visit(session, session.kconfig.tree.root, help);
}

function visit(session: Session, node: Node, help: boolean): void {
  if (!isVisible(session, node)) return;
  const { sym } = node;
  const { user, visible, rev } = session.config.evaluator;
  if (sym && !sym.isChoice && user[sym.id] === 0) {
    if ((visible[sym.id] as number) > (rev[sym.id] as number)) {
      session.io.stdout(
        help
          ? `-----\n\n${extendedHelp(session, node)}\n-----\n`
          : symbolLine(session.config, sym.id, session.prefix, 'n', true),
      );
    }
  }
  for (let child = node.list; child; child = child.next) visit(session, child, help);
}

/** Is an entry shown: by its own prompt, or, for a symbol that is on, because something below it is. */
export function isVisible(session: Session, node: Node): boolean {
  const { evaluator } = session.config;
  if (!node.prompt) return false;
  if (node.visibility !== 0 && evaluator.expr(node.visibility) === NO) return false;
  if (node.sym) evaluator.calc(node.sym.id);
  if (isPromptShown(evaluator, node)) return true;
  if (!node.sym || evaluator.tri[node.sym.id] === NO) return false;
  for (let child = node.list; child; child = child.next) if (isVisible(session, child)) return true;
  return false;
}

/** What `conf` last found for a member of a choice may be older than the values around it: it shows that. */
function isPromptShown(evaluator: Evaluator, node: Node): boolean {
  const id = node.sym?.id ?? 0;
  // The value of a symbol without a type is never looked for, and so neither is its visibility.
  if (node.sym?.type === TYPE.UNKNOWN) return false;
  const { start } = evaluator.program.prompts;
  const single = (start[id + 1] as number) - (start[id] as number) === 1;
  if (evaluator.program.choice[id] !== -1 && single) return evaluator.visible[id] !== NO;
  return evaluator.expr((node.prompt as Prop).cond) !== NO;
}
