import type { ChoiceProgram } from '../eval/program.ts';
import { NO, YES } from '../expr/store.ts';
import { P, type Prop, type Sym } from '../menu/model.ts';
import { spanOf, tristateOf } from '../menu/views.ts';
import { at, named, type WhyStep } from './blame.ts';
import type { Explainer } from './explainer.ts';
import type { Unmet } from './why.ts';

/** Why a stored user value is not the value. */
export function unmetOf(
  why: Explainer,
  sym: Sym,
  choice: ChoiceProgram | undefined,
): Unmet | undefined {
  const ev = why.evaluator;
  const id = sym.id;
  const stored = ev.user[id] as number;
  if (stored === 0) return undefined;
  const slot = ev.program.slot[id] as number;
  const value = slot >= 0 ? (ev.userText[slot] as string) : tristateOf(stored - 1);
  if (value === ev.textOf(id)) return undefined;
  const unmet = (reason: Unmet['reason'], text: string, because: WhyStep[] = []): Unmet => ({
    value,
    reason,
    text: `${sym.name} was set to ${value}, but ${text}`,
    because,
  });
  const prompts = why.prompts(sym);
  if (prompts.length === 0) {
    return unmet(
      'no-prompt',
      'it has no prompt: its value follows from defaults, selects and implies',
    );
  }
  if (ev.visible[id] === NO) {
    const prompt = prompts[0] as Prop;
    const lacking = why.lacking(prompt.cond);
    const text = `its prompt${at(spanOf(prompt))} is not visible: it needs ${why.needs(prompt)}, and ${why.facts(prompt.cond, lacking)}`;
    return unmet('not-visible', text, lacking);
  }
  if (choice) {
    const other = choice.entries.find((member) => ev.tri[member] === YES);
    if (value === 'n')
      return unmet('choice', 'one member of the choice must be y, and no other is available');
    const name =
      other === undefined ? 'another member' : why.config.kconfig.tree.symbols[other]?.name;
    return unmet('choice', `${name} has precedence in the choice${at(spanOf(why.nodeOf(choice)))}`);
  }
  if (slot >= 0) return unmet('range', 'that is outside its range');
  const rev = ev.rev[id] as number;
  if (rev > stored - 1) {
    const steps = why.terms(sym.revDep, rev, P.SELECT, sym);
    const names = named(steps);
    return unmet('forced', `it is selected by ${names}`, steps);
  }
  if (value === 'm') return unmet('no-modules', 'without modules m counts as y');
  const prompt = prompts[0] as Prop;
  const lacking = why.lacking(prompt.cond);
  return unmet(
    'limited',
    `it can be at most m: it needs ${why.needs(prompt)}, and ${why.facts(prompt.cond, lacking)}`,
    lacking,
  );
}
