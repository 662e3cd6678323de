import type { Config } from '../eval/config.ts';
import { MOD, NO, YES } from '../expr/store.ts';
import { nextNode, type Sym, TYPE } from '../menu/model.ts';
import { isTristateType, tristateOf } from '../menu/views.ts';
import { symbolLine } from './symbol-line.ts';

/** The text of the minimal configuration: what the user can change and has changed from its default. */
export function writeMinimal(config: Config, prefix = 'CONFIG_'): string {
  const evaluator = config.evaluator;
  const { root } = config.kconfig.tree;
  // As in `conf` the mark of a symbol that is to be written is taken away when it was. Finding the value of a member
  // that is not available marks all its choice anew, so a member with two entries can have two lines.
  const done: number[] = [];
  let out = '';
  evaluator.prepare();
  for (let node = nextNode(root, root); node; node = nextNode(node, root)) {
    const sym = node.sym;
    if (!sym || sym.isChoice) continue;
    evaluator.calc(sym.id);
    if (evaluator.write[sym.id] === 0) continue;
    evaluator.write[sym.id] = 0;
    done.push(sym.id);
    if ((evaluator.visible[sym.id] as number) <= (evaluator.rev[sym.id] as number)) continue;
    if (evaluator.textOf(sym.id) === defaultText(config, sym)) continue;
    const choice = config.choiceProgram(sym.id);
    if (choice && evaluator.defaultMember(choice) === sym.id && evaluator.tri[sym.id] === YES) {
      // A choice that may have no member needs the line of the one it has.
      const optional = evaluator.program.classic && evaluator.rev[choice.id] === NO;
      if (!optional) continue;
    }
    out += symbolLine(config, sym.id, prefix, 'unset', true);
  }
  for (const id of done) evaluator.write[id] = 1;
  return out;
}

/** The value a symbol would have without a user value, as savedefconfig reckons it: ranges are not applied. */
function defaultText(config: Config, sym: Sym): string {
  const evaluator = config.evaluator;
  const row = evaluator.defaultRow(sym.id);
  if (!isTristateType(sym.type)) {
    const source = row < 0 ? -1 : evaluator.defaultSource(row);
    if (source >= 0) evaluator.calc(source);
    const text = source < 0 ? '' : evaluator.copiedText(source);
    return text === '' ? (sym.type === TYPE.INT ? '0' : sym.type === TYPE.HEX ? '0x0' : '') : text;
  }
  let value = NO as number;
  if (row >= 0) {
    const { a, cond } = evaluator.program.defaults;
    value = Math.min(evaluator.expr(a[row] as number), evaluator.expr(cond[row] as number));
  }
  value = Math.max(value, evaluator.rev[sym.id] as number);
  if (value === MOD && ((!sym.inChoice && evaluator.modules === NO) || sym.type === TYPE.BOOL))
    value = YES;
  return tristateOf(Math.max(value, evaluator.imply[sym.id] as number));
}
