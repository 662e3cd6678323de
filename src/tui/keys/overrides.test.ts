import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../input/index.ts';
import { MODULES } from '../screens/registry.ts';
import { type KeyTable, makeKeyTable } from './key-table.ts';
import { keyNamed } from './known-keys.ts';
import { readOverrides } from './overrides.ts';

const usual = makeKeyTable(MODULES);

/** The key table with a file of keys. */
function withFile(text: string): KeyTable {
  return makeKeyTable(MODULES, readOverrides(text, 'keys.yaml', usual));
}

/** What is wrong with a file, as `code line:column`. */
function problems(text: string): string[] {
  try {
    readOverrides(text, 'keys.yaml', usual);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({ code, span }) => `${code} ${span?.line}:${span?.column}`);
  }
}

describe('a file of keys', () => {
  it('gives a command other keys wherever it is', () => {
    const table = withFile('quit: [Q, f10]');
    expect(table.command('matrix', 'f10')).toBe('quit');
    expect(table.command('detail', 'Q')).toBe('quit');
    expect(table.command('matrix', 'q')).toBeNull();
  });

  it('may do so for one screen alone, which counts more', () => {
    const table = withFile('report:\n  report:metric: P\n  quit: x\nquit: Q\n');
    expect(table.command('report', 'P')).toBe('report:metric');
    expect(table.command('report', 'm')).toBeNull();
    expect(table.command('report', 'x')).toBe('quit');
    expect(table.command('matrix', 'Q')).toBe('quit');
  });

  it('takes a key from the command that had it', () => {
    const table = withFile('report:\n  report:metric: j\n');
    expect(table.command('report', 'j')).toBe('report:metric');
    expect(table.command('report', 'down')).toBe('down');
    expect(table.command('matrix', 'j')).toBe('down');
  });

  it('can leave a command without a key', () => {
    expect(withFile('suspend: []').command('matrix', 'ctrl+z')).toBeNull();
  });

  it('may be empty', () => {
    expect(problems('')).toEqual([]);
    expect(problems('# nothing yet\n')).toEqual([]);
  });
});

describe('a mistake is told with its place', () => {
  it.each([
    ['quti: x', 'unknown-command 1:1'],
    ['report:\n  metrik: x', 'unknown-command 2:3'],
    ['raport:\n  quit: x', 'unknown-screen 1:1'],
    ['quit: [x, ctrl+alt]', 'unknown-key 1:11'],
    ['quit: ctrl+i', 'unknown-key 1:7'],
    ['interrupt: x', 'fixed-key 1:1'],
    ['quit: ctrl+c', 'fixed-key 1:1'],
    ['quit: x\nhelp: x', 'key-conflict 2:1'],
    ['filter-keep: x', 'key-is-text 1:1'],
    ['report:\n  report:metric: q', 'key-lost 2:3'],
    ['quit: {', 'yaml-syntax'],
  ])('%j: %s', (text, expected) => {
    expect(problems(text).join()).toContain(expected);
  });

  it('and all of them at once, with a hint', () => {
    const text = 'quti: x\nhelp: ctlr+x\n';
    expect(problems(text)).toEqual(['unknown-command 1:1', 'unknown-key 2:7']);
    expect(() => readOverrides(text, 'keys.yaml', usual)).toThrow(/did you mean "quit"/);
  });
});

it('is never a key table that cannot be left, whatever it says', () => {
  const commands = [
    ...new Set(usual.scopes.flatMap((s) => usual.bindings(s).map((b) => b.command))),
  ];
  const line = fc
    .tuple(
      fc.constantFrom(...commands),
      fc.array(fc.constantFrom('q', 'x', 'f5', 'ctrl+g', 'ctrl+c', 'enter', '/'), { maxLength: 2 }),
    )
    .map(([command, keys]) => `${command}: [${keys.join(', ')}]`);
  fc.assert(
    fc.property(
      fc.uniqueArray(line, { selector: (l) => l.split(': ')[0], maxLength: 5 }),
      (lines) => {
        let table: KeyTable;
        try {
          table = withFile(lines.join('\n'));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        for (const scope of table.scopes) {
          expect(table.command(scope, 'ctrl+c')).toBe('interrupt');
          const keys = table.bindings(scope).flatMap((binding) => binding.keys);
          expect(new Set(keys).size).toBe(keys.length);
        }
      },
    ),
  );
});

it('knows keys as people write them', () => {
  expect(keyNamed('Ctrl+X')).toBe('ctrl+x');
  expect(keyNamed('F12')).toBe('f12');
  expect(keyNamed('shift+up')).toBe('shift+up');
  expect(keyNamed('G')).toBe('G');
  expect(keyNamed('ctrl+f13')).toBeNull();
  expect(keyNamed('hyper+x')).toBeNull();
});
