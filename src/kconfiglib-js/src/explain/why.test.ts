import { describe, expect, it } from 'vitest';
import { tree } from '../testing/tree.ts';

const text = `config MODULES
	bool "modules"
	modules
	default y
config SMP
	bool "smp"
	default y
config MMU
	def_bool y
config LOCK
	def_bool y
	depends on MMU && SMP
config DRV
	tristate "drv"
	depends on LOCK
config SEL
	bool "sel"
	select FORCED
config FORCED
	bool "forced"
config NUM
	int "num"
	range 1 5
choice
	prompt "c"
config C1
	bool "1"
config C2
	bool "2"
endchoice
`;

describe('why', () => {
  const fresh = () => tree(text).config();

  it('says which operand keeps a default from applying', () => {
    const config = fresh();
    config.set('SMP', 'n');
    const why = config.why('LOCK');
    expect(why).toMatchObject({ value: 'n', cause: 'dependency', span: { line: 11 } });
    expect(why.text).toBe('LOCK is n: its default y (Kconfig:11) needs MMU && SMP, and SMP is n');
    expect(why.because).toMatchObject([
      { symbol: 'SMP', value: 'n', text: 'SMP is n: set by the user' },
    ]);
  });

  it('follows the chain to the first cause', () => {
    const config = fresh();
    config.set('SMP', 'n');
    config.set('DRV', 'y');
    const { wanted } = config.why('DRV');
    expect(wanted).toMatchObject({ value: 'y', reason: 'not-visible' });
    expect(wanted?.text).toContain('it needs LOCK, and LOCK is n');
    expect(wanted?.because[0]?.because[0]?.text).toBe('SMP is n: set by the user');
  });

  it('names who selects, and that a user value gives way', () => {
    const config = fresh();
    config.set('SEL', 'y');
    config.set('FORCED', 'n');
    const why = config.why('FORCED');
    expect(why).toMatchObject({
      cause: 'select',
      text: 'FORCED is y: selected by SEL (Kconfig:18)',
    });
    expect(why.wanted).toMatchObject({
      reason: 'forced',
      text: 'FORCED was set to n, but it is selected by SEL (Kconfig:18)',
    });
  });

  it('names a module that selects a bool, and the condition it does so under', () => {
    const config = tree(`config MODULES
	bool "modules"
	modules
config DRV
	tristate "drv"
	select HELP if FAST
config FAST
	bool "fast"
config HELP
	bool
`).config();
    for (const [name, value] of [
      ['MODULES', 'y'],
      ['DRV', 'm'],
      ['FAST', 'y'],
    ] as const)
      config.set(name, value);
    expect(config.why('HELP')).toMatchObject({
      value: 'y',
      text: 'HELP is y: selected by DRV (Kconfig:6)',
      because: [{ symbol: 'DRV', value: 'm', condition: expect.stringContaining('FAST') }],
    });
  });

  it('knows symbols without a prompt, ranges, choices and misspellings', () => {
    const config = fresh();
    config.set('MMU', 'n');
    config.set('NUM', '9');
    config.set('C1', 'y');
    config.set('C2', 'y');
    expect(config.why('MMU').wanted?.reason).toBe('no-prompt');
    expect(config.why('NUM')).toMatchObject({ cause: 'range', wanted: { reason: 'range' } });
    expect(config.why('C1')).toMatchObject({ cause: 'choice', wanted: { reason: 'choice' } });
    expect(config.why('SMPP').text).toBe('there is no symbol SMPP; did you mean SMP?');
    expect(config.why('SMP')).toMatchObject({
      cause: 'default',
      text: 'SMP is y: its default y (Kconfig:7) applies',
    });
  });
});

it('takes no constant for a symbol nobody defined', () => {
  const config = tree('config A\n\tdef_bool y\n\tdepends on "$(UNSET)" = "y"\n').config();
  const why = config.why('A');
  expect(why.text).toBe('A is n: its default y (Kconfig:2) needs ""=y, and ""=y does not hold');
});

it('names the choice a member of which has no prompt, and says why', () => {
  const config = tree(
    `config SCREEN
	bool "screen"
choice
	prompt "Screen hardware"
	depends on SCREEN
config PLAIN
	bool "plain"
config FANCY
	bool "fancy"
endchoice
`,
    { dialect: '4.17' },
  ).config();
  config.set('FANCY', 'y');
  expect(config.why('FANCY').wanted?.text).toBe(
    'FANCY was set to y, but its prompt (Kconfig:9) is not visible: it needs the choice "Screen hardware", and ' +
      'the choice "Screen hardware" (Kconfig:3) is n: it needs SCREEN, and SCREEN is n',
  );
});
