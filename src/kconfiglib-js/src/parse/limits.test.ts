import { describe, expect, it } from 'vitest';
import { errorsOf, tree } from '../testing/tree.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';

/** For each limit: a low one, a tree beyond it, one just within it, and what is said. */
const CASES: Record<
  keyof Limits,
  { limit: number; beyond: Record<string, string>; within: Record<string, string>; says: RegExp }
> = {
  includeDepth: {
    limit: 2,
    beyond: { Kconfig: 'source "a"\n', a: 'source "b"\n', b: 'source "c"\n', c: '' },
    within: { Kconfig: 'source "a"\n', a: 'source "b"\n', b: '' },
    says: /^b:1:8: files are nested more than 2 deep$/,
  },
  files: {
    limit: 2,
    beyond: { Kconfig: 'source "a"\nsource "a"\n', a: '' },
    within: { Kconfig: 'source "a"\n', a: '' },
    says: /^Kconfig:2:8: more than 2 files$/,
  },
  fileSize: {
    limit: 12,
    beyond: { Kconfig: 'source "a"\n', a: '# 345678901\n\n' },
    within: { Kconfig: 'source "a"\n', a: '# 345678901\n' },
    says: /^Kconfig:1:8: a is larger than 12 bytes$/,
  },
  symbols: {
    limit: 6,
    beyond: { Kconfig: 'config A\n\tdef_bool B && C && D && E\n' },
    within: { Kconfig: 'config A\n\tdef_bool B && C\n' },
    says: /^Kconfig:2:2: more than 6 symbols$/,
  },
  macroDepth: {
    limit: 3,
    beyond: { Kconfig: 'f = $(f,$(1))\nx := $(f,a)\n' },
    within: { Kconfig: 'e = $(1)\nf = $(e,$(1))\nx := $(f,a)\n' },
    says: /Too deep recursive expansion$/,
  },
  macroExpansions: {
    limit: 10,
    beyond: { Kconfig: 'x := $(a)$(a)$(a)$(a)$(a)$(a)$(a)$(a)$(a)$(a)$(a)\n' },
    within: { Kconfig: 'x := $(a)$(a)$(a)$(a)$(a)$(a)$(a)$(a)$(a)$(a)\n' },
    says: /more than 10 macro expansions$/,
  },
  macroLength: {
    limit: 8,
    beyond: { Kconfig: 'a = 12345\nx := $(a)$(a)\n' },
    within: { Kconfig: 'a = 1234\nx := $(a)$(a)\n' },
    says: /the expansion is longer than 8 characters$/,
  },
};

describe('limits', () => {
  it('are all tested', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
  });

  it.each(Object.entries(CASES))('%s', (name, { limit, beyond, within, says }) => {
    const limits = { [name]: limit };
    const [error, ...more] = errorsOf(beyond, { limits });
    expect(more).toEqual([]);
    expect(error?.code).toBe(name === 'macroDepth' ? 'macro-depth' : 'limit');
    const { file, line, column } = error?.span ?? { file: '', line: 0, column: 0 };
    expect(`${file}:${line}:${column}: ${error?.message}`).toMatch(says);
    expect(() => tree(within, { limits })).not.toThrow();
  });

  it('of the top file come without a place', () => {
    const [error] = errorsOf('config AAAAAAAAAAA\n', { limits: { fileSize: 10 } });
    expect(error).toMatchObject({ code: 'limit', message: 'Kconfig is larger than 10 bytes' });
  });

  it('hold for nesting too deep for the stack', () => {
    const deep = `config A\n\tdef_bool ${'('.repeat(50_000)}y${')'.repeat(50_000)}\n`;
    expect(errorsOf(deep)[0]).toMatchObject({
      code: 'limit',
      message: 'the tree is nested too deeply',
    });
  });

  it('hold for files a pattern names', () => {
    const files: Record<string, string> = { Kconfig: 'source "d/*"\n', 'd/a': '', 'd/b': '' };
    const options = { dialect: 'superset', readDir: () => ['a', 'b'] } as const;
    expect(errorsOf(files, { ...options, limits: { files: 2 } })[0]?.message).toBe(
      'more than 2 files',
    );
    expect(tree(files, { ...options, limits: { files: 3 } }).files).toHaveLength(3);
  });
});
