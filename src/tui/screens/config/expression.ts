import type { Config } from 'kconfiglib-js';

const WORD = /"[^"]*"|[\w./-]+/g;

/** An expression with the value of every symbol behind it: `SMP [=y] && NR_CPUS [=64] > 1`. */
export function withValues(config: Config, expression: string): string {
  return expression.replace(WORD, (word) => {
    if (word.startsWith('"') || /^[nmy]$/.test(word)) return word;
    const symbol = config.kconfig.symbols.get(word);
    if (!symbol) return word;
    return symbol.defined ? `${word} [=${config.get(word)}]` : `${word} [undefined]`;
  });
}

/** The first symbol of an expression; undefined if there is none. */
export function firstSymbol(config: Config, expression: string): string | undefined {
  const words = expression.match(WORD) ?? [];
  return words.find((word) => config.kconfig.symbols.get(word)?.defined);
}

/** The operands of `operator` at the top of an expression, as they are written. */
export function operands(expression: string, operator: '&&' | '||'): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < expression.length; at++) {
    const character = expression.charAt(at);
    if (character === '"') at = Math.max(at, expression.indexOf('"', at + 1));
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (depth === 0 && expression.startsWith(operator, at)) {
      parts.push(expression.slice(from, at).trim());
      from = at + operator.length;
    }
  }
  parts.push(expression.slice(from).trim());
  // `a || b && c` is no conjunction: what binds less than the operator leaves the whole as it is.
  return operator === '&&' && operands(expression, '||').length > 1 ? [expression] : parts;
}
