import type { Change, Plan, Span, Why } from 'kconfiglib-js';

/** What would give an option the wanted value, as text; settings are written as `--set` takes them. */
export function planText(why: Why, want: string, plan: Plan): string {
  const goal = `${why.name}=${want}`;
  return [...linesOf(goal, plan), ''].join('\n');
}

function linesOf(goal: string, plan: Plan): string[] {
  if (plan.possible === 'unknown')
    return [`Whether ${goal} can be had is not known: ${plan.reason}.`];
  if (!plan.possible) {
    const together = plan.core.length > 1 ? 'these together exclude it' : 'this excludes it';
    return [
      `${goal} cannot be had; ${together}:`,
      ...plan.core.map(({ text, span }) => `  - ${text}${unnamed(text, span)}`),
    ];
  }
  if (plan.cost === 0) return [`${goal} holds already.`];
  const least = plan.minimal && plan.cost > 1 ? '; fewer settings do not do' : '';
  const count = plan.cost === 1 ? 'this setting' : `these ${plan.cost} settings`;
  const width = Math.max(...plan.changes.map((change) => settingOf(change).length));
  return [
    `For ${goal}, ${count} would do${least}:`,
    ...plan.changes.map((change) => {
      const now = `now ${change.from === '' ? 'empty' : change.from}`;
      return `  ${settingOf(change).padEnd(width)}  ${now}${at(change.span)}`;
    }),
  ];
}

/** A change as it is put on a command line; taking a value back can only be done in the `.config`. */
function settingOf({ symbol, to }: Change): string {
  if (to === undefined) return `(no line for ${symbol} in the .config)`;
  return /^[\w./:+-]*$/.test(to) ? `--set ${symbol}=${to}` : `--set ${quoted(`${symbol}=${to}`)}`;
}

/** In quotes for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function at(span: Span | undefined): string {
  return span ? ` (${span.file}:${span.line})` : '';
}

/** The place, unless the text names one itself. */
function unnamed(text: string, span: Span | undefined): string {
  return /\([^()]+:\d+\)/.test(text) ? '' : at(span);
}
