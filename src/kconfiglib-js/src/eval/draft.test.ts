import { describe, expect, it } from 'vitest';
import { KconfigError } from '../diagnostics/diagnostic.ts';
import { DiagnosticSink } from '../diagnostics/sink.ts';
import { finishTree } from '../menu/finish-tree.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { fuzzConfig } from '../testing/fuzz/config-grammar.ts';
import type { FuzzSymbol } from '../testing/fuzz/expression-grammar.ts';
import { Random } from '../testing/fuzz/random.ts';
import { fuzzTree, TREE_ENV } from '../testing/fuzz/tree-grammar.ts';
import { tree } from '../testing/tree.ts';

const SEEDS = Array.from({ length: 600 }, (_, i) => i + 1);

function randomKconfig(random: Random): [Kconfig, FuzzSymbol[]] | undefined {
  const { files, symbols } = fuzzTree(random);
  try {
    return [tree(files, { env: TREE_ENV, dialect: '6.12' }), symbols];
  } catch (error) {
    if (error instanceof KconfigError) return undefined;
    throw error;
  }
}

describe('the draft of a program', () => {
  it('has the values of the finished one, and is made only where that has nothing to report', () => {
    let drafts = 0;
    for (const seed of SEEDS) {
      const random = new Random(seed);
      const [kconfig, symbols] = randomKconfig(random) ?? [];
      if (!kconfig?.isDraft || !symbols) continue;
      drafts++;
      const sink = new DiagnosticSink();
      finishTree(kconfig.columns, sink);
      expect(sink.list, `seed ${seed}`).toEqual([]);
      const configs = [1, 2, 3, 4].map(() => {
        const config = kconfig.config();
        config.load(fuzzConfig(random, symbols));
        return config;
      });
      for (const finished of configs) {
        const draft = finished.fork();
        const texts = [draft.write(), draft.writeMinimal()];
        const { names, size } = draft.evaluator.program;
        const values = Array.from({ length: size }, (_, id) => draft.valueOf(id));
        finished.complete();
        expect(finished.evaluator.program).not.toBe(draft.evaluator.program);
        expect([finished.write(), finished.writeMinimal()], `seed ${seed}`).toEqual(texts);
        for (const [id, value] of values.entries())
          expect(finished.valueOf(id), `seed ${seed}: ${names.nameOf(id)}`).toBe(value);
      }
    }
    expect(drafts).toBeGreaterThan(SEEDS.length / 10);
  });

  it.each([
    ['a symbol without a type', 'config A\n\tprompt "a"\n'],
    ['a loop', 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n'],
    ['a loop through a select', 'config A\n\tbool "a" if B\n\tselect B\nconfig B\n\tbool\n'],
    ['a bool compared with m', 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A=m\n'],
    ['a select of a number', 'config A\n\tbool "a"\n\tselect N\nconfig N\n\tint "n"\n'],
    ['a default that is no number', 'config N\n\tint "n"\n\tdefault x\n'],
    ['a range of a bool', 'config A\n\tbool "a"\n\trange 1 2\n'],
    [
      'an if block in a choice',
      'config X\n\tbool "x"\nchoice\n\tprompt "c"\nif X\nconfig A\n\tbool "a"\nendif\nendchoice\n',
    ],
    ['an empty choice', 'choice\n\tprompt "c"\nendchoice\n'],
  ])('is not made of a tree with %s', (_what, text) => {
    let kconfig: Kconfig | undefined;
    try {
      kconfig = tree(text);
    } catch (error) {
      expect(error).toBeInstanceOf(KconfigError);
    }
    expect(kconfig?.isDraft ?? false).toBe(false);
  });

  it('gives way to the finished program when expressions are asked for', () => {
    const kconfig = tree('config A\n\tbool "a"\nconfig B\n\tbool\n\tdefault y if A\n');
    const config = kconfig.config();
    config.set('A', 'y');
    expect(kconfig.isDraft).toBe(true);
    const fork = config.fork();
    expect(config.why('B').text).toContain('A [=y]');
    expect(kconfig.isDraft).toBe(false);
    expect(config.get('B')).toBe('y');
    // A copy made before goes on as it was, and can follow.
    fork.set('A', 'n');
    expect(fork.get('B')).toBe('n');
    expect(fork.why('B').value).toBe('n');
    expect(fork.diff(config).map((d) => d.name)).toEqual(['A', 'B']);
  });
});
