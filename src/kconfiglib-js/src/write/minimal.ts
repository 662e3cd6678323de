import { defaultMember } from '../eval/choice.ts';
import type { Config } from '../eval/config.ts';
import type { Evaluator } from '../eval/evaluator.ts';
import { STEP } from '../eval/listing.ts';
import { TRAIT } from '../eval/program.ts';
import { emptyText } from '../eval/text-value.ts';
import { MOD, NO, YES } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';
import { isTristateType, tristateOf } from '../menu/views.ts';
import { SymbolLines } from './symbol-line.ts';

/** The text of the minimal configuration: what the user can change and has changed from its default. */
export function writeMinimal(config: Config, prefix = 'CONFIG_'): string {
  const evaluator = config.evaluator;
  const { listing, type } = evaluator.program;
  // As in `conf` the mark of a symbol that is to be written is taken away when it was. Finding the value of a member
  // that is not available marks all its choice anew, so a member with two entries can have two lines.
  const done: number[] = [];
  const lines = new SymbolLines(config, prefix, 'unset', true);
  let out = '';
  evaluator.prepare();
  for (let i = 0; i < listing.step.length; i++) {
    if (listing.step[i] !== STEP.SYMBOL) continue;
    const id = listing.arg[i] as number;
    evaluator.calc(id);
    if (evaluator.write[id] === 0) continue;
    evaluator.write[id] = 0;
    done.push(id);
    if ((evaluator.visible[id] as number) <= (evaluator.rev[id] as number)) continue;
    if (evaluator.textOf(id) === defaultText(evaluator, id, type[id] as number)) continue;
    const choice = config.choiceProgram(id);
    if (choice && defaultMember(evaluator, choice) === id && evaluator.tri[id] === YES) {
      if (!evaluator.program.classic || isImplicit(evaluator, id, choice.id)) continue;
    }
    out += lines.at(id);
  }
  for (const id of done) evaluator.write[id] = 1;
  return out;
}

/**
 * In a classic choice the line of its default can be left out only if it has to have a member, and that is a bool: a
 * tristate could be m as well.
 */
function isImplicit({ program, rev }: Evaluator, id: number, choice: number): boolean {
  return program.type[id] === TYPE.BOOL && rev[choice] !== NO;
}

/** The value a symbol would have without a user value, as savedefconfig reckons it: ranges are not applied. */
function defaultText(evaluator: Evaluator, id: number, type: number): string {
  const row = evaluator.defaultRow(id);
  if (!isTristateType(type)) {
    const source = row < 0 ? -1 : evaluator.defaultSource(row);
    if (source >= 0) evaluator.calc(source);
    const text = source < 0 ? '' : evaluator.copiedText(source);
    return text === '' ? emptyText(type, evaluator.program.era) : text;
  }
  let value = NO as number;
  if (row >= 0) {
    const { a, cond } = evaluator.program.defaults;
    value = Math.min(evaluator.expr(a[row] as number), evaluator.expr(cond[row] as number));
  }
  value = Math.max(value, evaluator.rev[id] as number);
  const inChoice = ((evaluator.program.traits[id] as number) & TRAIT.IN_CHOICE) !== 0;
  if (value === MOD && ((!inChoice && evaluator.modules === NO) || type === TYPE.BOOL)) value = YES;
  return tristateOf(Math.max(value, evaluator.imply[id] as number));
}
