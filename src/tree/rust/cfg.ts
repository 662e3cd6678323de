import { and, type Formula, free, not, option, or } from '../condition/formula.ts';

const TOKEN = /\s*([A-Za-z_]\w*|"(?:\\.|[^"\\])*"|[(),=])/y;

/**
 * The condition between the parentheses of `#[cfg(…)]`. The kernel hands rustc `--cfg=CONFIG_X` for an option that is y or m,
 * and `--cfg=CONFIG_X="m"` beside it (scripts/kconfig/confdata.c, print_symbol_for_rustccfg); of everything else Kconfig
 * says nothing.
 */
export function parseCfg(text: string): Formula {
  return new CfgParser(text).whole();
}

class CfgParser {
  readonly #text: string;
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    for (let m = TOKEN.exec(text); m; m = TOKEN.exec(text)) this.#tokens.push(m[1] as string);
  }

  whole(): Formula {
    const formula = this.#predicate();
    return formula !== undefined && this.#at === this.#tokens.length ? formula : free(this.#text);
  }

  #predicate(): Formula | undefined {
    const name = this.#tokens[this.#at++];
    if (name === undefined || !/^\w/.test(name)) return undefined;
    if (this.#takes('(')) return this.#operator(name);
    const value = this.#takes('=') ? this.#tokens[this.#at++] : undefined;
    const symbol = /^CONFIG_(\w+)$/.exec(name)?.[1];
    if (symbol === undefined) return free(value === undefined ? name : `${name} = ${value}`);
    if (value === undefined) return option(symbol, 'on');
    return value === '"y"' || value === '"m"'
      ? option(symbol, value === '"y"' ? 'y' : 'm')
      : free(`${name} = ${value}`);
  }

  #operator(name: string): Formula | undefined {
    const parts: Formula[] = [];
    while (!this.#takes(')')) {
      const part = this.#predicate();
      if (part === undefined) return undefined;
      parts.push(part);
      if (!this.#takes(',') && this.#tokens[this.#at] !== ')') return undefined;
    }
    if (name === 'all') return and(...parts);
    if (name === 'any') return or(...parts);
    return name === 'not' && parts.length === 1 ? not(parts[0] as Formula) : undefined;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}
