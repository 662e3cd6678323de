import { describe, expect, it } from 'vitest';
import { type Diagnostic, KconfigError } from '../diagnostics/diagnostic.ts';
import { formatDiagnostic } from '../diagnostics/format.ts';
import { errorsOf, tree } from '../testing/tree.ts';
import { parse } from './parse.ts';

describe('errors', () => {
  it('name the place and show it', () => {
    const text = 'config A\n\tbool "a"\n\tdepends on B &&\n';
    const [error] = errorsOf(text);
    expect(error && formatDiagnostic(error, () => text)).toBe(
      'Kconfig:3:17: error: syntax error: unexpected end of line\n' +
        ' 3 |         depends on B &&\n' +
        '   |                        ^',
    );
  });

  it('come with a hint where a habit from elsewhere is the reason', () => {
    expect(errorsOf('config A\n\tbool\n\toption env="A"\n')[0]?.hint).toContain('option modules');
  });

  it.each([
    ['menu "m"\nconfig A\n\tbool\n', ['syntax', 'missing-end']],
    ['if A\nmenu "m"\n', ['syntax', 'missing-end', 'missing-end']],
    ['choice\n\tprompt "c"\n', ['syntax', 'missing-end']],
    ['menu "m"\nendif\n', ['unexpected-end']],
    ['endmenu\n', ['syntax', 'invalid-statement']],
    ['if A\nendif B\nendif\n', ['syntax', 'invalid-statement']],
    ['config A\n\tdepends on (B\n', ['syntax', 'invalid-statement']],
    ['choice\nconfig A\n\tbool "a"\nendchoice\n', ['choice-prompt']],
    ['choice\n\tprompt "c"\nconfig A\n\tbool\nendchoice\n', ['member-prompt']],
    ['choice\n\tprompt "c"\nconfig A\n\tint "a"\nendchoice\n', ['member-type']],
  ])('%j is found', (text, codes) => {
    expect(errorsOf(text).map((d) => d.code)).toEqual(codes);
  });

  it('end with a wrong title at the beginning, as with conf', () => {
    const rest = 'config A\n\toption x\n';
    expect(errorsOf(`mainmenu A B\n${rest}`, { dialect: '6.12' }).map((d) => d.conf)).toEqual([
      'Kconfig:1: syntax error\n',
    ]);
    expect(errorsOf(`${rest}mainmenu A B\n`, { dialect: '6.12' }).at(-1)?.conf).toBe(
      'Kconfig:3: invalid statement\n',
    );
  });

  it('are at line 0 to conf where a text is not closed before the first statement', () => {
    const told: Diagnostic[] = [];
    errorsOf('# why\n"text\n', { onDiagnostic: (d) => told.push(d) });
    const [warning] = told;
    expect(warning).toMatchObject({ code: 'multi-line-string', span: { line: 2 } });
    expect(warning?.conf).toBe('Kconfig:0:warning: multi-line strings not supported\n');
  });

  it('say where an included file was looked for', () => {
    const [error] = errorsOf('source "sub/Kconfig"\n');
    expect(error).toMatchObject({
      code: 'no-file',
      message: 'can\'t open file "sub/Kconfig"',
      span: { line: 1 },
    });
    expect(error?.hint).toBeDefined();
    const set = { env: { ARCH: 'x86' } };
    const [unset] = errorsOf('P := p\nsource "$(P)/$(ARCH)/$(SUB)/Kconfig"\n', set);
    expect(unset?.hint).toContain('the variable SUB is not set');
    const [none] = errorsOf('P := p\nsource "$(P)/$(ARCH)/Kconfig"\n', set);
    expect(none?.hint).not.toContain('not set');
  });

  it('name a top file that is not there', () => {
    expect(() => parse('/nonexistent/Kconfig')).toThrow(KconfigError);
    expect(() => parse('/nonexistent/Kconfig')).toThrow("can't find file /nonexistent/Kconfig");
  });

  it('show the way of a recursive inclusion', () => {
    const [error] = errorsOf({ Kconfig: 'source "a"\n', a: '\nsource "b"\n', b: 'source "a"\n' });
    expect(error?.conf).toBe(
      'Recursive inclusion detected.\nInclusion path:\n  current file : a\n' +
        '  included from: b:1\n  included from: a:2\n  included from: Kconfig:1\n',
    );
  });

  it('find an end in the wrong file', () => {
    expect(errorsOf({ Kconfig: 'menu "m"\nsource "a"\n', a: 'endmenu\n' })[0]?.code).toBe(
      'end-elsewhere',
    );
  });
});

describe('dialects', () => {
  it('7.0 has depends on … if, and without a dialect so have all', () => {
    const text =
      'config X\n\tbool "x"\nconfig Y\n\tbool "y"\nconfig A\n\tbool "a"\n\tdepends on X if Y\n\tdefault y\n';
    const config = tree(text).config();
    expect(config.get('A')).toBe('y');
    config.set('Y', 'y');
    expect(config.get('A')).toBe('n');
    expect(errorsOf(text, { dialect: '7.0' })).toEqual([]);
    for (const dialect of ['6.12', '6.18'] as const)
      expect(errorsOf(text, { dialect })[0]?.code).toBe('syntax');
  });

  it('6.18 has transitional symbols, no prompt of a choice from bool, and no blank help', () => {
    const text = 'config OLD\n\tbool\n\ttransitional\nconfig A\n\tbool\n\tdefault OLD\n';
    expect(errorsOf(text, { dialect: '6.18' })).toEqual([]);
    expect(errorsOf(text, { dialect: '6.12' })[0]?.code).toBe('syntax');
    const choice = 'choice\n\tbool "c"\nconfig A\n\tbool "a"\nendchoice\n';
    expect(errorsOf(choice, { dialect: '6.18' }).map(({ code }) => code)).toContain('syntax');
    const help = 'config A\n\tbool "a"\n\thelp\n\nconfig B\n\tbool\n';
    expect(errorsOf(help, { dialect: '6.18' })[0]?.code).toBe('help-blank');
  });

  it('6.12 takes the prompt of a choice from bool, and without a dialect so do all', () => {
    const text = 'choice\n\tbool "c"\nconfig A\n\tbool "a"\nendchoice\n';
    expect(errorsOf(text)).toEqual([]);
    expect(errorsOf(text, { dialect: '6.12' })).toEqual([]);
    expect(errorsOf(text, { dialect: '7.0' }).map((d) => d.code)).toContain('syntax');
  });

  it('7.1 and 7.3 take a member with prompts in two entries of its choice for an error', () => {
    const text =
      'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig A\n\tbool "again"\nendchoice\n';
    expect(errorsOf(text)).toEqual([]);
    expect(errorsOf(text, { dialect: '7.0' })).toEqual([]);
    for (const dialect of ['7.1', '7.3'] as const)
      expect(errorsOf(text, { dialect }).map(({ conf }) => conf)).toEqual(
        [8, 4].map(
          (line) =>
            `Kconfig:${line}: error: choice value must not have a prompt in another entry\n`,
        ),
      );
  });

  it('7.1 and 7.3 take a file that is included again for an error', () => {
    const files = {
      Kconfig: 'source "a"\n\nsource "b"\n',
      a: 'config A\n\tbool\n',
      b: 'source "a"\n',
    };
    for (const dialect of ['7.1', '7.3'] as const)
      expect(errorsOf(files, { dialect }).map(({ conf }) => conf)).toEqual([
        'b:1: error: repeated inclusion of a\nKconfig:1: note: location of first inclusion of a\n',
      ]);
    for (const dialect of ['7.0', undefined] as const)
      expect(errorsOf(files, dialect && { dialect })).toEqual([]);
  });

  it('only 7.0 by itself makes errors of two help texts', () => {
    const text = 'config A\n\tbool "a"\n\thelp\n\t  one\n\thelp\n\t  two\n';
    expect(tree(text).diagnostics.map((d) => d.severity)).toEqual(['warning']);
    expect(errorsOf(text, { dialect: '7.0' })[0]?.code).toBe('help-twice');
  });
});
