import { describe, expect, it } from 'vitest';
import { errorsOf, tree } from '../testing/tree.ts';

/** The text a macro expression expands to, below some assignments. */
function expand(assignments: string, expression: string, env: Record<string, string> = {}): string {
  return tree(`${assignments}\nconfig X\n\tstring\n\tdefault "${expression}"\n`, { env })
    .config()
    .get('X');
}

describe('macros', () => {
  it('are recursive with = and simple with :=', () => {
    expect(expand('A = $(B)\nB = 1', '$(A)')).toBe('1');
    expect(expand('A := $(B)\nB = 1', '[$(A)]')).toBe('[]');
  });

  it('keep their flavour with +=', () => {
    expect(expand('A = $(B)\nA += x\nB = 1', '$(A)')).toBe('1 x');
    expect(expand('A := $(B)\nA += $(C)\nC = late', '[$(A)]')).toBe('[ ]');
  });

  it('take arguments, keep blanks after commas and nest', () => {
    expect(expand('f = <$(1)|$(2)>', '$(f,a, b)')).toBe('<a| b>');
    expect(expand('f = <$(1)>\ng = $(f,$(f,$(1)))', '$(g,x)')).toBe('<<x>>');
    expect(expand('f = $(1)', '$(f,(a,b))')).toBe('(a,b)');
  });

  it('look into variables, then built-ins, then the environment', () => {
    expect(expand('A = v', '$(A)', { A: 'e' })).toBe('v');
    expect(expand('', '$(A)$(B)', { A: 'e' })).toBe('e');
  });

  it('remember which environment variables were used', () => {
    const kconfig = tree('A = $(USED)\nconfig $(A)\n\tbool\n', { env: { USED: 'X', UNUSED: 'Y' } });
    expect([...kconfig.env]).toEqual([['USED', 'X']]);
  });

  it('do not treat a lone $ or braces specially', () => {
    const text = ['$A', '$$', '$', '{A}'].join('');
    expect(expand('', text, { A: 'e' })).toBe(text);
  });

  it.each([
    ['A = $(A)\nB := $(A)\n', "Recursive variable 'A' references itself (eventually)"],
    ['f = $(f,$(1))\n$(f,a)\n', 'Too deep recursive expansion'],
    ['$(info,(a)\n', "unterminated reference to 'info,(a)': missing ')'"],
    ['$(info)\n', "too few function arguments passed to 'info'"],
    ['$(info,a,b)\n', "too many function arguments passed to 'info'"],
    ['$(error-if,y,stop here)\n', 'stop here'],
  ])('%j fails', (text, message) => {
    expect(errorsOf(text).map((d) => d.message)).toEqual([message]);
  });

  it('that grow without end meet a limit', () => {
    const doubling = Array.from({ length: 40 }, (_, i) => `A${i + 1} = $(A${i})$(A${i})`).join(
      '\n',
    );
    const [error] = errorsOf(`A0 = x\n${doubling}\nB := $(A40)\n`);
    expect(error?.code).toBe('limit');
  });
});

describe('shell questions', () => {
  const text =
    'success = $(shell,{ $(1); } && echo "y" || echo "n")\ncc = $(success,gcc $(1))\n' +
    'config A\n\tdef_bool $(cc,-O9)\nconfig B\n\tstring\n\tdefault "$(shell,uname)"\n';

  it('are never run by default, and listed', () => {
    const kconfig = tree(text);
    expect(kconfig.unanswered.map((q) => [q.command, q.macro, q.span.line])).toEqual([
      ['{ gcc -O9; } && echo "y" || echo "n"', { name: 'cc', args: ['-O9'] }, 4],
      ['uname', undefined, 7],
    ]);
    expect([kconfig.config().get('A'), kconfig.config().get('B')]).toEqual(['n', '']);
  });

  it('go to the shell that is given', () => {
    const kconfig = tree(text, { shell: ({ macro }) => (macro ? 'y' : 'Linux') });
    expect(kconfig.unanswered).toEqual([]);
    expect([kconfig.config().get('A'), kconfig.config().get('B')]).toEqual(['y', 'Linux']);
  });
});
