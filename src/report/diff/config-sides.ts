import type { Config, Kconfig, WhyStep } from 'kconfiglib-js';
import { reasonText } from '../../matrix/index.ts';
import { count } from '../words.ts';
import { type Side, type SideOption, sideOfOptions } from './side.ts';

/** A `.config` file. */
export interface ConfigFile {
  /** What the user called it. */
  readonly name: string;
  readonly text: string;
}

/** Two `.config` files as sides of a diff. */
export interface ConfigSides {
  readonly left: Side;
  readonly right: Side;
  /** What of them is not as it reads. */
  readonly notes: readonly string[];
}

/**
 * Two `.config` files as one Kconfig understands them. A `.config` gives every option a value, whether
 * anybody wanted it or it followed from others; here an option counts as asked for only where its
 * minimal configuration needs it and the other side could have had the same value. What is left
 * follows from those, and Kconfig can say how.
 */
export function configSides(kconfig: Kconfig, left: ConfigFile, right: ConfigFile): ConfigSides {
  const [a, b] = [readConfig(kconfig, left), readConfig(kconfig, right)];
  const asked = askedApart(a, b);
  const differing = [...kconfig.symbols]
    .filter(({ name, defined }) => defined && a.valueOf(name) !== b.valueOf(name))
    .map(({ name }) => name);
  const sideOf = (file: ConfigFile, own: ReadConfig, other: ReadConfig, set: Side['asked']): Side =>
    sideOfOptions(
      file.name,
      file.name,
      differing.map((name) => own.option(name, own.denied(name, other))),
      set,
    );
  return {
    left: sideOf(left, a, b, asked.left),
    right: sideOf(right, b, a, asked.right),
    notes: [...a.notes(), ...b.notes()],
  };
}

/** A `.config` and its minimal configuration, both resolved. */
class ReadConfig {
  /** Of the minimal configuration, so that what only followed has its reason, not "set by the user". */
  readonly minimal: Config;
  readonly #name: string;
  readonly #lost: readonly string[];
  readonly #unknown: readonly string[];
  #trial: Config | undefined;

  constructor(name: string, minimal: Config, lost: readonly string[], unknown: readonly string[]) {
    this.#name = name;
    this.minimal = minimal;
    this.#lost = lost;
    this.#unknown = unknown;
  }

  /** The value as a `.config` has it; `null` for a number or text that is not written. */
  valueOf(name: string): string | null {
    const value = this.minimal.get(name);
    const { type = 'bool' } = this.minimal.kconfig.symbols.get(name) ?? {};
    const isText = type !== 'bool' && type !== 'tristate';
    return isText && !this.minimal.written(name) ? null : value;
  }

  /** @param wanted  what the other side asks for, and cannot be had here */
  option(name: string, wanted: string | undefined): SideOption {
    const why = this.minimal.why(name);
    return {
      symbol: name,
      value: this.valueOf(name),
      why: reasonText(why, this.#name),
      from: [
        ...(wanted === undefined ? [] : this.#against(name, wanted)),
        ...symbolsIn(why.because),
      ],
      how: why.cause,
    };
  }

  /** Symbols that keep a value from taking effect: what Kconfig says when it is asked for. */
  #against(name: string, value: string): string[] {
    this.#trial ??= this.minimal.fork();
    const before = this.#trial.userValue(name);
    this.#trial.set(name, value);
    const unmet = this.#trial.why(name).wanted;
    if (before === undefined) this.#trial.unset(name);
    else this.#trial.set(name, before);
    if (!unmet) return [];
    return [...symbolsIn(unmet.because), ...(unmet.text.match(/[A-Za-z0-9_]+/g) ?? [])];
  }

  /** Whether the user could give an option a value here. */
  allows(name: string, value: string): boolean {
    const { type = 'bool' } = this.minimal.kconfig.symbols.get(name) ?? {};
    if (type !== 'bool' && type !== 'tristate') return this.minimal.visibility(name) !== 'n';
    const possible = this.minimal.assignable(name);
    // Who wants a module would have it built in where there are none.
    return possible.includes(value) || (value === 'm' && possible.includes('y'));
  }

  /** What the other side asks for an option and this one cannot give it. */
  denied(name: string, other: ReadConfig): string | undefined {
    const wanted = other.minimal.userValue(name);
    return wanted === undefined || this.allows(name, wanted) ? undefined : wanted;
  }

  notes(): string[] {
    const file = this.#name;
    const named = (names: readonly string[]): string =>
      `${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}`;
    const lines = (names: readonly string[]): string => count(names.length, 'line');
    return [
      ...(this.#lost.length > 0
        ? [
            `Without effect in this Kconfig are ${lines(this.#lost)} of ${file}: ${named(this.#lost)}.`,
          ]
        : []),
      ...(this.#unknown.length > 0
        ? [
            `About options this Kconfig lacks are ${lines(this.#unknown)} of ${file}: ${named(this.#unknown)}.`,
          ]
        : []),
    ];
  }
}

function readConfig(kconfig: Kconfig, { name, text }: ConfigFile): ReadConfig {
  const whole = kconfig.config();
  const unknown: string[] = [];
  whole.load(text, name, { onUnknown: (symbol) => unknown.push(symbol) });
  const lost = [...kconfig.symbols]
    .filter((symbol) => symbol.defined && whole.userValue(symbol.name) !== undefined)
    .map((symbol) => symbol.name)
    .filter((symbol) => whole.userValue(symbol) !== whole.get(symbol));
  const minimal = kconfig.config();
  minimal.load(whole.writeMinimal(), name);
  return new ReadConfig(name, minimal, lost, unknown);
}

/** What each side asks for that the other could have asked for as well. */
function askedApart(
  left: ReadConfig,
  right: ReadConfig,
): { left: Side['asked']; right: Side['asked'] } {
  const asked = { left: {} as Record<string, string>, right: {} as Record<string, string> };
  for (const { name } of left.minimal.kconfig.symbols) {
    const [a, b] = [left.minimal.userValue(name), right.minimal.userValue(name)];
    if (left.denied(name, right) !== undefined || right.denied(name, left) !== undefined) continue;
    if (a !== undefined) asked.left[name] = a;
    if (b !== undefined) asked.right[name] = b;
  }
  return asked;
}

/** Symbols of the nearest reasons: what is behind those is found from them. */
function symbolsIn(steps: readonly WhyStep[]): string[] {
  return steps.flatMap(({ symbol, condition, because }) => [
    ...(symbol === undefined ? symbolsIn(because) : [symbol]),
    ...(condition?.match(/[A-Za-z0-9_]+/g) ?? []),
  ]);
}
