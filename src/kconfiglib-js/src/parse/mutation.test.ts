import { describe, expect, it } from 'vitest';
import { KconfigError } from '../diagnostics/diagnostic.ts';
import { damaged } from '../testing/fuzz/damage.ts';
import { Random } from '../testing/fuzz/random.ts';
import { fuzzTree, TREE_ENV } from '../testing/fuzz/tree-grammar.ts';
import { DIALECTS, isSuperset } from './features.ts';
import { type ParseOptions, parse } from './parse.ts';

const SEEDS = Number(process.env.KMATRIX_MUTATIONS ?? 300);
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
        const { files } = fuzzTree(
          random,
          isSuperset(dialect) && random.chance(50) ? '6.10' : '6.12',
        );
        const names = Object.keys(files);
        const name = random.pick(names);
        files[name] = damaged(random, files[name] ?? '');
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
