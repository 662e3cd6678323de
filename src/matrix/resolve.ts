import type { Config, KSymbol } from 'kconfiglib-js';
import type { Diagnostic } from '../input/index.ts';
import type { Base } from './matrix-file.ts';
import type { EditionOptions } from './option-source.ts';
import { refusalReason, valueReason } from './reason.ts';
import type { CellSpec, OptionReason, Refusal } from './types.ts';

/** A cell after Kconfig has spoken. */
export interface ResolvedCell {
  /** As asked, but with the CPU counts this configuration can have. */
  readonly spec: CellSpec;
  /** Empty where Kconfig gave everything that was asked for. */
  readonly refusals: readonly Refusal[];
  readonly notes: readonly string[];
  readonly kconfig: string;
  readonly options: readonly OptionReason[];
  readonly config: Config;
}

/** Resolves the cells of one edition: its tree is parsed and the base is applied once, each cell is a fork of that. */
export class Resolver {
  readonly #options: EditionOptions;
  readonly #base: Config;
  readonly #baseName: string;
  /** What the engine had to say about the base's `.config` file. */
  readonly warnings: readonly Diagnostic[];

  constructor(options: EditionOptions, base: Base) {
    this.#options = options;
    this.#baseName = base.kind === 'file' ? base.path : base.mode;
    this.#base = options.kconfig.config();
    if (base.kind === 'file') {
      this.warnings = this.#base.load(base.text, base.path);
    } else {
      this.warnings = [];
      this.#base.apply(base.mode);
    }
  }

  resolve(spec: CellSpec, show: readonly string[]): ResolvedCell {
    const { kconfig, label, note } = this.#options;
    const config = this.#base.fork();
    const refusals: Refusal[] = [];
    for (const [symbol, wanted] of Object.entries(spec.set)) {
      const known = kconfig.symbols.get(symbol);
      if (!known?.defined) {
        refusals.push({ symbol, wanted, got: '', reason: `${label} does not define ${symbol}` });
        continue;
      }
      const result = config.set(symbol, wanted);
      if (!result.ok) {
        refusals.push({ symbol, wanted, got: '', reason: `${result.message} (${placeOf(known)})` });
      }
    }
    // Only now, as a value may depend on one that is set after it.
    const rejected = new Set(refusals.map((r) => r.symbol));
    for (const [symbol, wanted] of Object.entries(spec.set)) {
      if (rejected.has(symbol)) continue;
      const got = config.get(symbol);
      if (sameValue(got, wanted)) continue;
      refusals.push({ symbol, wanted, got, reason: refusalReason(config, symbol) });
    }
    const notes = note === undefined ? [] : [note];
    // A rejected cell is not simulated, so there is nothing to say about its CPUs.
    const cpus = refusals.length > 0 ? spec.cpus : possibleCpus(spec.cpus, config, notes);
    return {
      spec: { ...spec, cpus },
      refusals,
      notes,
      kconfig: label,
      options: show.map((symbol) =>
        optionOf(symbol, config, label, symbol in spec.set ? 'this cell' : this.#baseName),
      ),
      config,
    };
  }
}

/** Numbers are compared as such: hex values keep the spelling they were given. */
function sameValue(got: string, wanted: string): boolean {
  if (got === wanted) return true;
  const hex = /^(0x)?([0-9a-f]+)$/i;
  const [a, b] = [hex.exec(got), hex.exec(wanted)];
  if (!a || !b || !(a[1] || b[1])) return false;
  return BigInt(`0x${a[2]}`) === BigInt(`0x${b[2]}`);
}

function optionOf(symbol: string, config: Config, label: string, user: string): OptionReason {
  if (!config.kconfig.symbols.get(symbol)?.defined) {
    return { symbol, value: null, why: `${label} does not define ${symbol}` };
  }
  return { symbol, value: config.get(symbol), why: valueReason(config, symbol, user) };
}

/** Without SMP there is one CPU; with it there are as many as NR_CPUS allows. */
function possibleCpus(
  asked: readonly number[],
  config: Config,
  notes: string[],
): readonly number[] {
  const smp = config.get('SMP') === 'y';
  const most = smp ? Number(config.get('NR_CPUS')) || Number.POSITIVE_INFINITY : 1;
  const possible = asked.filter((count) => count <= most);
  if (possible.length === asked.length) return asked;
  const reason = smp ? `NR_CPUS is ${most}` : 'SMP is n';
  const cpus = possible.length > 0 ? possible : [most];
  const counts = `${cpus.join(', ')} CPU${cpus.at(-1) === 1 ? '' : 's'}`;
  notes.push(`simulated on ${counts} instead of ${asked.join(', ')}: ${reason}`);
  return cpus;
}

function placeOf(symbol: KSymbol): string {
  const span = symbol.nodes[0]!.span;
  return `${span.file}:${span.line}`;
}
