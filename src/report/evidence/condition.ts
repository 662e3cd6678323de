import type { Report, ReportKernel } from '../model.ts';

/**
 * On what it depends, among the kernels of one edition in a report, which value something has in them. It is
 * read off the kernels that were instantiated: what no cell tried is not known.
 */
export type Condition =
  /** The same in every kernel of the edition. */
  | { readonly kind: 'always'; readonly kernels: number }
  /** Told by one option alone; several are named where no kernel tells them apart. */
  | {
      readonly kind: 'option';
      readonly symbols: readonly string[];
      /** The option's values, each with what it leads to. */
      readonly values: readonly { readonly value: string; readonly leadsTo: string }[];
    }
  /** No single option tells. */
  | { readonly kind: 'several'; readonly kernels: number };

/** The condition of a value that is told of each kernel, among the kernels of an edition. */
export function conditionIn(
  { kernels }: Pick<Report, 'kernels'>,
  edition: string,
  stateIn: (kernel: string) => string,
): Condition {
  const own = kernels.filter((kernel) => kernel.edition === edition);
  const values = new Set(own.map(({ id }) => stateIn(id)));
  if (values.size < 2) return { kind: 'always', kernels: own.length };
  const symbols = new Set(own.flatMap(({ config }) => Object.keys(config)));
  const deciding = [...symbols].flatMap((symbol) => {
    const leads = leadsOf(own, symbol, stateIn);
    return leads ? [{ symbol, leads }] : [];
  });
  const [first] = deciding;
  if (!first) return { kind: 'several', kernels: own.length };
  // Options that split the kernels alike cannot be told apart; those that split them further are no reason.
  const fewest = Math.min(...deciding.map(({ leads }) => leads.size));
  const alike = deciding.filter(({ leads }) => leads.size === fewest);
  return {
    kind: 'option',
    symbols: alike.map(({ symbol }) => symbol),
    values: [...alike[0]!.leads].map(([value, leadsTo]) => ({ value, leadsTo })),
  };
}

/** What each value of an option leads to; `null` if kernels with one value of it differ. */
function leadsOf(
  kernels: readonly ReportKernel[],
  symbol: string,
  stateIn: (kernel: string) => string,
): Map<string, string> | null {
  const leads = new Map<string, string>();
  for (const { id, config } of kernels) {
    const value = config[symbol] ?? 'n';
    const known = leads.get(value);
    if (known !== undefined && known !== stateIn(id)) return null;
    leads.set(value, stateIn(id));
  }
  return leads;
}

/** A condition in a sentence. */
export function conditionText(condition: Condition, edition: string): string {
  switch (condition.kind) {
    case 'always':
      return `the same in ${condition.kernels === 1 ? 'the one kernel' : `all ${condition.kernels} kernels`} of ${edition} here`;
    case 'several':
      return `no single option tells the ${condition.kernels} kernels of ${edition} here apart`;
    case 'option': {
      const [first, ...more] = condition.symbols;
      const leads = condition.values
        .map(({ value, leadsTo }) => `${first}=${value}: ${leadsTo}`)
        .join('; ');
      const rest =
        more.length === 0
          ? ''
          : ` (${more.join(', ')} ${more.length === 1 ? 'goes' : 'go'} with it in these kernels)`;
      return `in ${edition} ${first} decides: ${leads}${rest}`;
    }
  }
}
