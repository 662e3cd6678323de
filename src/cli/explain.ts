import type { Config, Span, Why, WhyStep } from 'kconfiglib-js';
import { inputError } from '../input/index.ts';

/** Why an option has its value; an option Kconfig does not define is an input error. */
export function whyOf(config: Config, symbol: string): Why {
  const name = symbol.replace(/^CONFIG_/, '');
  const why = config.why(name);
  if (why.cause !== 'undefined') return why;
  const near = config.kconfig.symbols.suggest(name);
  throw inputError(
    'unknown-symbol',
    `this Kconfig does not define ${name}`,
    undefined,
    near.length > 0 ? `did you mean ${near.join(', ')}?` : undefined,
  );
}

/** The value and the chain of reasons behind it, as text. */
export function whyText({ name, value, type, text, span, because, wanted }: Why): string {
  return [
    `${name}=${type === 'string' ? JSON.stringify(value) : value}`,
    placed(text, span),
    ...because.flatMap((step) => stepLines(step, 1)),
    ...(wanted
      ? [placed(wanted.text, undefined), ...wanted.because.flatMap((step) => stepLines(step, 1))]
      : []),
    '',
  ].join('\n');
}

/** Why a value asked for did not take effect, in a sentence; `undefined` if it did. */
export function refusalOf(config: Config, name: string): string | undefined {
  const { wanted, text, span } = config.why(name);
  if (!wanted) return undefined;
  // Without a prompt nobody can set it: what decides instead is the answer.
  const rest = wanted.reason === 'no-prompt' ? `${wanted.text}; ${text}` : wanted.text;
  return placed(rest, span);
}

/** A user's value is the end of every chain and is named by the step above it already. */
function stepLines({ kind, text, span, because }: WhyStep, depth: number): string[] {
  if (kind === 'user') return [];
  const line = `${'  '.repeat(depth)}- ${placed(text, span)}`;
  return [line, ...because.flatMap((step) => stepLines(step, depth + 1))];
}

/** The text with a place, unless it names one itself. */
function placed(text: string, span: Span | undefined): string {
  return !span || /\([^()]+:\d+\)/.test(text) ? text : `${text} (${span.file}:${span.line})`;
}
