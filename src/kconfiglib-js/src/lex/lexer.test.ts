import { describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../diagnostics/sink.ts';
import { DEFAULT_LIMITS } from '../parse/limits.ts';
import { Preprocessor } from '../preprocess/preprocessor.ts';
import { NO_SHELL } from '../preprocess/shell.ts';
import { HelpScan, helpText } from './help-text.ts';
import { Lexer } from './lexer.ts';
import { Source } from './source.ts';
import { T } from './tokens.ts';

function tokens(text: string): {
  kinds: number[];
  values: string[];
  warnings: string[];
  lexer: Lexer;
} {
  const sink = new DiagnosticSink();
  const lexer = new Lexer('Kconfig', Source.of(text), sink, true);
  lexer.preprocessor = new Preprocessor({
    sink,
    limits: DEFAULT_LIMITS,
    shell: NO_SHELL,
    env: { HOME: '/h' },
    srctree: undefined,
    macros: true,
    here: () => lexer.here(),
  });
  const kinds: number[] = [];
  const values: string[] = [];
  for (let token = lexer.next(); token !== T.EOF; token = lexer.next()) {
    kinds.push(token);
    if (token === T.WORD || token === T.WORD_QUOTE || token === T.ASSIGN_VAL)
      values.push(lexer.value);
  }
  return { kinds, values, warnings: sink.list.map((d) => d.conf ?? ''), lexer };
}

describe('the lexer', () => {
  it('knows keywords, words and operators', () => {
    const { kinds, values } = tokens('config A-b_1 && || != <= >= < > = ! ( ) := +=\n');
    expect(values).toEqual(['A-b_1']);
    expect(kinds.slice(0, 8)).toEqual([
      T.CONFIG,
      T.WORD,
      T.AND,
      T.OR,
      T.UNEQUAL,
      T.LESS_EQUAL,
      T.GREATER_EQUAL,
      T.LESS,
    ]);
  });

  it('drops empty lines, comments and joined lines', () => {
    expect(tokens('\n\n# x\nA # y\n\n\\\nB\n').kinds).toEqual([T.WORD, T.EOL, T.WORD, T.EOL]);
  });

  it('reads strings with escapes and either quote', () => {
    expect(tokens(`x "a\\"b\\\\c" 'd"e'\n`).values).toEqual(['x', 'a"b\\c', 'd"e']);
  });

  it('ends an unterminated string at the end of the line, with a warning', () => {
    const { values, warnings } = tokens('x "abc\ny\n');
    expect(values).toEqual(['x', 'abc', 'y']);
    expect(warnings).toEqual(['Kconfig:1:warning: multi-line strings not supported\n']);
  });

  it('expands macros into one token, without looking for keywords', () => {
    expect(tokens('if $(HOME)x a$(none)b\n').values).toEqual(['/hx', 'ab']);
    expect(tokens('$(none)config X\n').kinds).toEqual([T.WORD, T.WORD, T.EOL]);
  });

  it('takes the rest of an assignment as it is, trailing blanks and # included', () => {
    expect(tokens('A :=   b # c  \n').values).toEqual(['A', 'b # c  ']);
  });

  it('warns about characters it does not know and about a missing newline', () => {
    expect(tokens('A @ B').warnings).toEqual([
      "Kconfig:1:warning: ignoring unsupported character '@'\n",
      'Kconfig:1:warning: no new line at end of file\n',
    ]);
  });
});

describe('help texts', () => {
  const scanned = (text: string): HelpScan => {
    const scan = new HelpScan();
    scan.find(Source.of(text), 0);
    return scan;
  };
  const read = (text: string): string => {
    return helpText({ text, start: 0, end: scanned(text).end });
  };

  it('lose their indent and end at the first line indented less', () => {
    expect(read('\t  one\n\t    two\n\n\t  three\n\tdefault y\n')).toBe('one\n  two\n\nthree\n');
  });

  it('end before a line at column 1', () => {
    expect(read('  one  \n\nconfig B\n')).toBe('one\n');
  });

  it('can be blank', () => {
    expect(scanned('\nconfig B\n').blank).toBe(true);
    expect(scanned('  x\n').blank).toBe(false);
    // What strspn of the kernel's parser.y passes over, as where lines end in CR and LF.
    expect(scanned('\r\n\t\f\v\r\nconfig B\n').blank).toBe(true);
    expect(scanned('\r\n  x\r\n').blank).toBe(false);
    expect(scanned('\t\t\r\n  less\r\n').blank).toBe(true);
  });
});
