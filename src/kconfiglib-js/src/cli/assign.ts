import type { ChoiceProgram } from '../eval/program.ts';
import { leadingNumber, validText } from '../eval/text-value.ts';
import { MOD, NO, YES } from '../expr/store.ts';
import { type Sym, TYPE } from '../menu/model.ts';
import { isTristateType } from '../menu/views.ts';
import type { Session } from './session.ts';

/** May the user give a bool or tristate this value now. */
export function withinRange(session: Session, sym: Sym, value: number): boolean {
  const { evaluator } = session.config;
  const visible = evaluator.visible[sym.id] as number;
  const rev = evaluator.rev[sym.id] as number;
  if (visible === NO || !isTristateType(sym.type)) return false;
  if (evaluator.isBool(sym.id) && value === MOD) return false;
  return visible > rev && value >= rev && value <= visible;
}

/** Answer for a bool or tristate. False if it may not have that value. */
export function assignTristate(session: Session, sym: Sym, value: number): boolean {
  const { evaluator } = session.config;
  if (!withinRange(session, sym, value)) return false;
  const before = evaluator.tri[sym.id];
  evaluator.user[sym.id] = value + 1;
  if (before !== value) session.invalidate();
  return true;
}

/** Answer for an int, hex or string. A hexadecimal number gets its prefix. */
export function assignText(session: Session, sym: Sym, text: string): boolean {
  const { evaluator } = session.config;
  if (!validText(sym.type, text) || !inNumericRange(session, sym, text)) return false;
  const slot = evaluator.program.slot[sym.id] as number;
  const stored = sym.type === TYPE.HEX && !/^0[xX]/.test(text) ? `0x${text}` : text;
  const same = evaluator.user[sym.id] !== 0 && evaluator.userText[slot] === text && stored === text;
  evaluator.user[sym.id] = 1;
  evaluator.userText[slot] = stored;
  if (!same) session.invalidate();
  return true;
}

function inNumericRange(session: Session, sym: Sym, text: string): boolean {
  if (sym.type === TYPE.STRING) return true;
  const { evaluator } = session.config;
  const row = evaluator.rangeRow(sym.id);
  if (row < 0) return true;
  const base = sym.type === TYPE.INT ? 10 : 16;
  const value = leadingNumber(text, base);
  const { a, b } = evaluator.program.ranges;
  const low = evaluator.rangeBound(a[row] as number, base);
  return value >= low && value <= evaluator.rangeBound(b[row] as number, base);
}

/** Choose a member: it gets y and the other visible ones n, the last of them with the highest priority. */
export function assignChoice(
  session: Session,
  choice: ChoiceProgram,
  index: number,
  id: number,
): void {
  const { evaluator } = session.config;
  let changed = false;
  evaluator.retracted.delete(index);
  for (const member of choice.entries) {
    if (evaluator.visible[member] === NO) continue;
    const value = member === id ? YES : NO;
    if (evaluator.tri[member] !== value) changed = true;
    evaluator.user[member] = value + 1;
    const rest = (evaluator.order[index] as readonly number[]).filter((other) => other !== member);
    evaluator.order[index] = [member, ...rest];
  }
  if (changed) session.invalidate();
}
