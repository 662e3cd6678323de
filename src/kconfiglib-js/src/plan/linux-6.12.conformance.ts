import { beforeAll, describe, expect, it } from 'vitest';
import { linuxTree } from '../conformance/linux-tree.ts';
import type { Config } from '../eval/config.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import type { KSymbol } from '../menu/views.ts';
import { kernelKconfig } from '../toolchain/kernel.ts';
import { type Plan, plan } from './plan.ts';
import { Planner } from './planner.ts';

/** Symbols to ask about, and configurations to look for what was called impossible. */
const SYMBOLS = Number(process.env.KMATRIX_PLANS ?? 200);
const CONFIGS = 1000;
const BASES = ['alldefconfig', 'allnoconfig', 'allmodconfig', 'allyesconfig'] as const;

/** A linear congruential generator: the same choices in every run. */
function generator(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

interface Answer {
  name: string;
  wanted: string;
  plan: Plan;
  /** CPU time, which depends less on what else the machine does. */
  ms: number;
}

describe('plans in Linux 6.12', () => {
  let kconfig: Kconfig;
  let logical: KSymbol[];
  const impossible = new Set<string>();
  beforeAll(() => {
    kconfig = kernelKconfig(linuxTree(), { arch: 'x86_64' });
    logical = [...kconfig.symbols].filter(
      (sym) => sym.defined && (sym.type === 'bool' || sym.type === 'tristate'),
    );
  });

  function ask(base: (typeof BASES)[number], seed: number): { config: Config; answers: Answer[] } {
    const config = kconfig.config();
    config.apply(base);
    const random = generator(seed);
    const answers: Answer[] = [];
    while (answers.length < SYMBOLS) {
      const sym = logical[random(logical.length)] as KSymbol;
      const now = config.get(sym.name);
      const others = (sym.type === 'bool' ? ['n', 'y'] : ['n', 'm', 'y']).filter((v) => v !== now);
      const wanted = others[random(others.length)] as string;
      const start = process.cpuUsage();
      const found = plan(config, sym.name, wanted);
      const { user, system } = process.cpuUsage(start);
      answers.push({ name: sym.name, wanted, plan: found, ms: (user + system) / 1000 });
    }
    return { config, answers };
  }

  it.each(BASES)('give the wanted value, from %s', (base) => {
    const { config, answers } = ask(base, 612 + BASES.indexOf(base));
    for (const { name, wanted, plan: found } of answers) {
      expect(found.possible, `${name}=${wanted}`).not.toBe('unknown');
      if (found.possible === false) impossible.add(`${name}=${wanted}`);
      if (found.possible !== true) continue;
      const fork = config.fork();
      for (const { symbol, to } of found.changes)
        if (to === undefined) fork.unset(symbol);
        else expect(fork.set(symbol, to).ok).toBe(true);
      expect(fork.get(name), `${name}=${wanted} ${JSON.stringify(found)}`).toBe(wanted);
    }
    expect(Planner.mistakes).toBe(0);
    const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (part: number): number =>
      times[Math.min(times.length - 1, Math.floor(part * times.length))] as number;
    const [p50, p95, max] = [0.5, 0.95, 1].map((part) => at(part).toFixed(1));
    const possible = answers.filter((answer) => answer.plan.possible === true);
    const proved = possible.filter(({ plan: p }) => p.possible === true && p.minimal);
    console.log(
      `${base}: ${answers.length} asked, ${possible.length} possible (${proved.length} proved minimal), ` +
        `CPU ms p50 ${p50} p95 ${p95} max ${max}`,
    );
    expect(at(0.95)).toBeLessThan(1000);
  });

  it('call nothing impossible that a random configuration has', () => {
    const random = generator(1991);
    const settable = logical.filter((sym) => sym.properties.some((p) => p.kind === 'prompt'));
    const checks = [...impossible].map((text) => text.split('=') as [string, string]);
    const config = kconfig.config();
    for (let run = 0; run < CONFIGS; run++) {
      config.clear();
      // From sparse to dense: with few symbols on some are free that many would force, and the other way round.
      const density = 1 + (run % 99);
      for (const sym of settable) {
        const value = random(100) < density ? (random(2) === 0 ? 'y' : 'm') : 'n';
        config.set(sym.name, sym.type === 'bool' && value === 'm' ? 'y' : value);
      }
      // In every second one they are asked for directly as well.
      if (run % 2 === 0) for (const [name, value] of checks) config.set(name, value);
      for (const [name, value] of checks)
        if (config.get(name) === value) throw new Error(`${name}=${value} was called impossible`);
    }
    console.log(`${checks.length} claims of impossibility, none met in ${CONFIGS} configurations`);
  });
});
