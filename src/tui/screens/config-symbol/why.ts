import type { Change, Obstacle, Plan, Span, WhyStep } from 'kconfiglib-js';
import { type ConfigSession, type PlanState, shownValue } from '../../sessions/config/index.ts';
import type { Fact } from './fact.ts';

/** Why a symbol has its value, down to the first cause, and what would give it the others. */
export function whyFacts(session: ConfigSession, name: string, others: readonly string[]): Fact[] {
  const { config } = session;
  const why = config.why(name);
  const facts: Fact[] = [
    { label: 'Value', text: shownValue(why.value), tone: 'strong' },
    { label: 'Why', text: placed(why.text, why.span) },
    ...why.because.flatMap((step) => stepFacts(step, 1)),
  ];
  if (why.wanted) {
    facts.push({ label: 'But', text: why.wanted.text, tone: 'warn' });
    facts.push(...why.wanted.because.flatMap((step) => stepFacts(step, 1)));
  }
  for (const wanted of others) {
    facts.push({ label: '', text: '' });
    facts.push(...planFacts(name, wanted, session.plans.get(name, wanted)));
  }
  return facts;
}

/** A user's value is the end of every chain and is named by the step above it already. */
function stepFacts({ kind, text, span, symbol, because }: WhyStep, depth: number): Fact[] {
  if (kind === 'user') return [];
  const fact: Fact = { label: '', text: placed(text, span), depth, symbol };
  return [fact, ...because.flatMap((step) => stepFacts(step, depth + 1))];
}

function planFacts(name: string, wanted: string, state: PlanState | undefined): Fact[] {
  const label = `For ${wanted}`;
  const goal = `${name}=${wanted}`;
  if (!state || (!state.found && !state.stopped))
    return [{ label, text: 'Looking for the fewest changes; Esc stops.', tone: 'muted' }];
  if (!state.found) return [{ label, text: 'Stopped.', tone: 'muted' }];
  return foundFacts(label, goal, wanted, state.found);
}

function foundFacts(label: string, goal: string, wanted: string, found: Plan): Fact[] {
  if (found.possible === 'unknown')
    return [{ label, text: `Whether ${goal} can be had is not known: ${found.reason}.` }];
  if (!found.possible) {
    const together = found.core.length > 1 ? 'these together exclude it' : 'this excludes it';
    return [
      { label, text: `${goal} cannot be had; ${together}:`, tone: 'warn' },
      ...found.core.map(obstacleFact),
    ];
  }
  const count = found.cost === 1 ? 'this change' : `these ${found.cost} changes`;
  const least = found.minimal && found.cost > 1 ? ', and fewer do not' : '';
  return [
    { label, text: `${count} would do${least}; a makes it so:`, tone: 'good', plan: wanted },
    ...found.changes.map((change) => changeFact(change, wanted)),
  ];
}

function changeFact({ symbol, from, to, span }: Change, plan: string): Fact {
  const text =
    to === undefined
      ? `${symbol}: take back what you set (now ${shownValue(from)})`
      : `${symbol}=${shownValue(to)} (now ${shownValue(from)})`;
  return { label: '', text: placed(text, span), depth: 1, symbol, plan };
}

function obstacleFact({ symbol, text, span }: Obstacle): Fact {
  return { label: '', text: placed(text, span), depth: 1, symbol };
}

/** The text with a place, unless it names one itself. */
function placed(text: string, span: Span | undefined): string {
  return !span || /\([^()]+:\d+\)/.test(text) ? text : `${text} (${span.file}:${span.line})`;
}
