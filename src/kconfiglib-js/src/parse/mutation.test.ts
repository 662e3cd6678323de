import { describe, expect, it } from 'vitest';
import { KconfigError } from '../diagnostics/diagnostic.ts';
import { Random } from '../testing/fuzz/random.ts';
import { fuzzTree, TREE_ENV } from '../testing/fuzz/tree-grammar.ts';
import { DIALECTS, isSuperset } from './features.ts';
import { type ParseOptions, parse } from './parse.ts';

const SEEDS = Number(process.env.KMATRIX_MUTATIONS ?? 300);
/** What can hurt most: bytes with a meaning, words in wrong places, and repetition. */
const SCRAPS = [
  '"',
  "'",
  '\\',
  '\\\n',
  '\n',
  '\t',
  '\0',
  '\r',
  '#',
  '$',
  '$(',
  ')',
  '(((((',
  '!!!!',
  '&&',
  '||',
  '=',
  ':=',
  '+=',
  'é',
  '\u{1f600}',
  '\ud800',
  'config ',
  'choice\n',
  'endchoice\n',
  'menu "',
  'endmenu\n',
  'if ',
  'endif\n',
  'help\n',
  'source "Kconfig"\n',
  'source "Kconfig.0"\n',
  '$(shell,x)',
  'm0 = $(m0)\n',
  'f = $(f,$(1)$(1))\ng := $(f,xx)\n',
  'range 1 ',
  'default ',
  'select S0\n',
  'modules\n',
  'transitional\n',
  'option env="X"\n',
  'optional\n',
  '(a && '.repeat(300),
];

function mutate(random: Random, text: string): string {
  let out = text;
  for (let n = random.chance(60) ? 1 : 1 + random.below(4); n > 0; n--) {
    const at = random.below(out.length + 1);
    const to = Math.min(out.length, at + random.below(12));
    const roll = random.below(4);
    if (roll === 0) out = out.slice(0, at) + out.slice(to);
    else if (roll === 1) out = out.slice(0, at) + random.pick(SCRAPS) + out.slice(at);
    else if (roll === 2)
      out = out.slice(0, at) + String.fromCharCode(random.below(256)) + out.slice(to);
    else out = out.slice(0, at) + out.slice(random.below(out.length + 1));
  }
  return out;
}

/** Parse and evaluate all there is; a refusal must say where. */
function outcome(files: Record<string, string>, options: ParseOptions): 'read' | 'refused' {
  try {
    const kconfig = parse('Kconfig', { readFile: (path) => files[path], ...options });
    const config = kconfig.config();
    config.apply('allyesconfig');
    config.write();
    config.load(config.writeMinimal());
    for (const { name } of kconfig.symbols) config.get(name);
    return 'read';
  } catch (error) {
    if (!(error instanceof KconfigError)) throw error;
    const errors = error.diagnostics.filter((d) => d.severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    for (const { message, span } of errors) {
      expect(message).not.toBe('');
      if (span) expect(files).toHaveProperty([span.file]);
      // Only what no single line is to blame for has no place.
      else expect(message).toMatch(/nested too deeply|larger than|recursive dependency/);
    }
    return 'refused';
  }
}

describe('trees with random damage', () => {
  it.each(DIALECTS.map((dialect) => [dialect]))(
    'are read or refused with a place, in %s',
    (dialect) => {
      const seen = { read: 0, refused: 0 };
      const limits = { files: 200, macroExpansions: 20_000, macroLength: 1 << 16, symbols: 5000 };
      for (let seed = 1; seed <= SEEDS; seed++) {
        const random = new Random(seed * 31 + DIALECTS.indexOf(dialect));
        const { files } = fuzzTree(random, isSuperset(dialect) && random.chance(50));
        const names = Object.keys(files);
        const name = random.pick(names);
        files[name] = mutate(random, files[name] ?? '');
        try {
          seen[outcome(files, { dialect, env: { ...TREE_ENV, X: 'x' }, limits })]++;
        } catch (error) {
          throw new Error(`seed ${seed}: ${JSON.stringify(files)}`, { cause: error });
        }
      }
      expect(seen.read).toBeGreaterThan(SEEDS / 60);
      expect(seen.refused).toBeGreaterThan(SEEDS / 20);
    },
  );
});
