import { parseArgs } from 'node:util';
import { didYouMean, inputError } from '../input/index.ts';
import type { Command, OptionSpec } from './command.ts';

/** A command line after its options have been told from its arguments. */
export class ParsedArguments {
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(positionals: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.positionals = positionals;
    this.#values = values;
  }

  /** Whether an option was given at all. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value given, as the user's last word counts. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** Every value given. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** A whole number from `min` on. */
  integer(name: string, min: number): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : wholeNumber(name, text, min);
  }

  /** Whole numbers from `min` on, separated by commas. */
  integers(name: string, min: number): number[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((part) => wholeNumber(name, part.trim(), min));
  }
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value;
  throw inputError('usage', `--${name} takes whole numbers from ${min} on, not "${text}"`);
}

/** Options every command has. */
export const commonOptions: Readonly<Record<string, OptionSpec>> = {
  help: { type: 'boolean', description: 'Show this help.' },
};

/** Read the arguments of a command; whatever it does not take is an input error. */
export function parseArguments(command: Command, argv: readonly string[]): ParsedArguments {
  const options: Readonly<Record<string, OptionSpec>> = { ...command.options, ...commonOptions };
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type }]) => [name, { type, multiple: true }]),
    ),
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const name = token.rawName === '-h' ? 'help' : token.name;
    const given = name === token.name ? token.rawName : '--help';
    const value = checkedValue(command, options, {
      name,
      given,
      value: token.value,
      inline: token.inlineValue,
    });
    const earlier = values.get(name);
    if (earlier && options[name]?.multiple) earlier.push(value);
    else values.set(name, [value]);
  }
  if (!values.has('help')) checkArity(command, positionals);
  return new ParsedArguments(positionals, values);
}

interface GivenOption {
  readonly name: string;
  /** As typed: `--seed`, `-x`. */
  readonly given: string;
  readonly value: string | undefined;
  readonly inline: boolean | undefined;
}

function checkedValue(
  command: Command,
  options: Readonly<Record<string, OptionSpec>>,
  { name, given, value, inline }: GivenOption,
): string {
  const spec = Object.hasOwn(options, name) && !/^-[^-]$/.test(given) ? options[name] : undefined;
  if (!spec) {
    const known = Object.keys(options).map((key) => `--${key}`);
    throw inputError(
      'usage',
      `unknown option "${given}"`,
      undefined,
      didYouMean(given, known) ?? `kmatrix help ${command.name} lists its options`,
    );
  }
  if (spec.type === 'boolean') {
    if (inline) throw inputError('usage', `--${name} takes no value`);
    return '';
  }
  const missing = value === undefined || (!inline && /^-(?!\d|$)/.test(value));
  if (missing)
    throw inputError('usage', `--${name} needs a value: --${name} ${spec.value ?? 'VALUE'}`);
  if (spec.choices && !spec.choices.includes(value)) {
    throw inputError(
      'usage',
      `--${name} is one of ${spec.choices.join(', ')}, not "${value}"`,
      undefined,
      didYouMean(value, spec.choices),
    );
  }
  return value;
}

function checkArity(command: Command, positionals: readonly string[]): void {
  const [least, most] = command.arity;
  const usage = `usage: kmatrix ${command.name} ${command.usage}`.trimEnd();
  if (positionals.length < least) {
    throw inputError('usage', `${command.name} needs more arguments`, undefined, usage);
  }
  if (positionals.length > most) {
    const extra = positionals[most] ?? '';
    throw inputError('usage', `${command.name} does not take "${extra}"`, undefined, usage);
  }
}
