import type { Config, Why } from 'kconfiglib-js';

/**
 * One sentence with file:line: where a value comes from. `user` says who gave the values that the
 * engine calls the user's: the cell, or the base it starts from.
 */
export function valueReason(config: Config, name: string, user: string): string {
  return reasonText(config.why(name), user);
}

/** One sentence with file:line: why a symbol did not get the value asked for. */
export function refusalReason(config: Config, name: string): string {
  const why = config.why(name);
  const { wanted } = why;
  if (!wanted) return reasonText(why, 'the cell');
  // Where a prompt is missing, the interesting part is what decides instead.
  if (wanted.reason === 'no-prompt')
    return `it cannot be set: it has no prompt; ${placed(why.text, why)}`;
  return placed(wanted.text.replace(/^.*? was set to .*?, but /, ''), why);
}

/** The same of an explanation that is at hand already. */
export function reasonText(why: Why, user: string): string {
  const text = why.cause === 'user' ? why.text.replace('by the user', `by ${user}`) : why.text;
  return placed(text, why);
}

/** The text, with the place of the definition where it names none itself. */
function placed(text: string, why: Why): string {
  if (/\([^()]+:\d+\)/.test(text) || !why.span) return text;
  return `${text} (${why.span.file}:${why.span.line})`;
}
