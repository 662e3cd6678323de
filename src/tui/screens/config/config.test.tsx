import { parse } from 'kconfiglib-js';
import { describe, expect, it } from 'vitest';
import { topOf } from '../../state/model.ts';
import { type ConfigDriver, configDriver } from '../../testing/config-driver.tsx';
import { memoryFiles, sessionOver, shippedKconfig } from '../../testing/shipped-config.ts';
import { textWidth } from '../../text/width.ts';

const TREE = `
mainmenu "Small tree"
config MODULES
	bool "Loadable modules"
	default y
	modules
config SMP
	bool "Several processors"
	default y
	help
	  Without it there is
	  one processor.
config LOCK
	def_bool y
	depends on SMP
config DRIVER
	tristate "A driver"
config BELOW
	bool "Below the driver"
	depends on DRIVER
config HELPER
	tristate "A helper"
config FORCER
	bool "Forces the helper"
	default y
	select HELPER
config WORKERS
	int "Workers"
	range 1 64
	default 20
config LABEL
	string "Label"
	default "x"
menu "A menu"
config INSIDE
	bool "Inside"
endmenu
menu "An empty one"
config NEVER
	bool "Never"
	depends on !SMP
endmenu
choice
	prompt "Side"
config LEFT
	bool "Left"
config RIGHT
	bool "Right"
endchoice
menuconfig GROUP
	bool "A group"
	default y
if GROUP
config MEMBER
	bool "A member"
endif
comment "A remark"
`;

const small = (): { driver: ConfigDriver; session: ReturnType<typeof sessionOver> } => {
  const session = sessionOver(parse({ Kconfig: TREE }), { title: 'Small tree' });
  return { session, driver: configDriver(session) };
};

/** The list without the marks of selection and change. */
const rows = (driver: ConfigDriver): string[] =>
  driver
    .lines({ columns: 80, rows: 40 })
    .slice(1, 17)
    .map((line) => line.slice(4).trimEnd());

describe('a menu', () => {
  it('shows rows in the signs of menuconfig', () => {
    const { driver } = small();
    expect(rows(driver)).toEqual([
      '[*] Loadable modules',
      '[*] Several processors',
      '< > A driver',
      '-*- A helper',
      '[*] Forces the helper',
      '(20) Workers',
      '(x) Label',
      '    A menu  --->',
      '    An empty one  ----',
      '    Side (Left)  --->',
      '[*] A group  --->',
      '    *** A remark ***',
      ...rows(driver).slice(12),
    ]);
  });

  it('says them in words to a screen reader', () => {
    const { driver } = small();
    driver.press('j', 'j', 'm');
    const list = driver.world.rows(driver.state(), topOf(driver.state()));
    const said = Array.from({ length: 13 }, (_, index) => list.at(index)?.spoken?.());
    expect(said).toEqual([
      'Loadable modules, MODULES, on',
      'Several processors, SMP, on',
      'A driver, DRIVER, module, changed',
      'Below the driver, BELOW, off',
      'A helper, HELPER, on, cannot be changed',
      'Forces the helper, FORCER, on',
      'Workers, WORKERS, 20',
      'Label, LABEL, x',
      'A menu, menu',
      'An empty one, empty menu',
      'Side, choice of Left, menu',
      'A group, GROUP, on, menu',
      'comment: A remark',
    ]);
  });

  it('sets, goes through values, and shows what comes with them', () => {
    const { driver, session } = small();
    driver.press('j', 'j', 'm');
    expect(session.config.get('DRIVER')).toBe('m');
    expect(rows(driver)[2]).toBe('<M> A driver');
    expect(rows(driver)[3]).toBe('  [ ] Below the driver');
    driver.press('space');
    expect(session.config.get('DRIVER')).toBe('y');
    driver.press('n');
    expect(rows(driver)[3]).toBe('-*- A helper');
    driver.press('j', 'n');
    expect(driver.text()).toMatch(/Cannot be changed here: .*FORCER/);
  });

  it('says what else changed, and lists it', () => {
    const { driver } = small();
    driver.press('j', 'n');
    expect(driver.text()).toContain('SMP is n; 1 other changed (o lists them): LOCK y→n');
    expect(driver.lines()[0]).toMatch(/2 changed {2}unsaved$/);
    driver.press('o');
    expect(driver.text()).toMatch(/LOCK +y +n +\(no prompt\)/);
    driver.press('escape', 'u');
    expect(driver.text()).toContain('Undid: SMP is y again; 1 other changed');
    expect(driver.lines()[0]).not.toContain('changed');
    driver.press('U');
    expect(driver.lines()[0]).toContain('2 changed');
  });

  it('is entered and left, choices and groups too', () => {
    const { driver, session } = small();
    driver.press('G', 'k', 'k', 'enter');
    expect(driver.lines()[0]).toMatch(/^Small tree › Side /);
    expect(rows(driver).slice(0, 2)).toEqual(['(X) Left', '( ) Right']);
    driver.press('j', 'space');
    expect(rows(driver).slice(0, 2)).toEqual(['( ) Left', '(X) Right']);
    expect(session.config.get('RIGHT')).toBe('y');
    driver.press('left', 'enter');
    expect(driver.lines().find((line) => line.startsWith('▸'))).toContain('(X) Right');
    driver.press('left');
    expect(rows(driver)[9]).toBe('Side (Right)  --->'.padStart(4 + 18));
    driver.press('j', 'right');
    expect(driver.lines()[0]).toMatch(/^Small tree › A group /);
  });

  it('edits numbers within their range, and texts', () => {
    const { driver, session } = small();
    driver.press(...'jjjjj', 'enter');
    expect(driver.text()).toContain('int from 1 to 64');
    driver.press('ctrl+u', '9', '9', 'enter');
    expect(driver.text()).toContain('WORKERS must be from 1 to 64 (Kconfig:');
    driver.press('ctrl+u', '6', '4', 'enter');
    expect(session.config.get('WORKERS')).toBe('64');
    driver.press('j', 'space', 'ctrl+u', 'a', '"', 'enter');
    expect(session.config.get('LABEL')).toBe('a"');
    driver.press('r');
    expect(session.config.get('LABEL')).toBe('x');
  });

  it('shows hidden options, names, and everything as one list', () => {
    const { driver } = small();
    expect(driver.text()).not.toContain('LOCK');
    driver.press('z');
    expect(driver.text()).toContain('LOCK  (no prompt)');
    driver.press('c');
    expect(driver.text()).toContain('Several processors  SMP');
    driver.press('F');
    expect(driver.lines({ columns: 80, rows: 60 }).join('\n')).toContain('Never  NEVER  (hidden)');
    driver.press('z', 'F', 'c');
    expect(rows(driver)[1]).toBe('[*] Several processors');
  });
});

describe('search', () => {
  it('is incremental, jumps to the place, and comes back', () => {
    const { driver } = small();
    driver.press('j', '/', ...'insi');
    expect(driver.lines()[0]).toContain('1 found');
    expect(driver.text()).toMatch(/INSIDE +Inside/);
    driver.press('escape');
    expect(driver.lines()[2]).toMatch(/^▸ .*Several processors/);
    driver.press('/', ...'inside', 'enter');
    expect(driver.lines()[0]).toMatch(/^Small tree › A menu /);
    expect(driver.lines()[1]).toMatch(/^▸ .*Inside/);
    driver.press('escape');
    expect(driver.text()).toMatch(/▸ +A menu/);
  });

  it('goes to what is hidden, and says so', () => {
    const { driver } = small();
    driver.press('/', ...'never', 'enter');
    expect(driver.text()).toContain('This is hidden');
    expect(driver.text()).toMatch(/▸ .*Never {2}\(hidden\)/);
  });
});

describe('a symbol', () => {
  it('tells why, what would change it, and makes it so with one key', async () => {
    const { driver, session } = small();
    session.set('SMP', 'n');
    driver.press('/', ...'lock', 'enter', 'w');
    expect(driver.text()).toContain('LOCK is n');
    expect(driver.text()).toContain('Looking for the fewest changes');
    await driver.settle();
    expect(driver.text()).toContain('this change would do; a makes it so:');
    expect(driver.text()).toContain('SMP=y (now n)');
    driver.press('a');
    expect(session.config.get('LOCK')).toBe('y');
    expect(driver.text()).toContain('LOCK=y: SMP is y');
    driver.press('u');
    expect(session.config.get('LOCK')).toBe('n');
  });

  it('stops looking on Escape, and leaves with the next', async () => {
    const { driver } = small();
    driver.press('j', 'w', 'escape');
    expect(driver.text()).toContain('Stopped.');
    await driver.settle();
    expect(driver.text()).toContain('Stopped.');
    driver.press('escape');
    expect(driver.lines()[0]).toMatch(/^Small tree /);
  });

  it('tells all that the tree says, with values and places', () => {
    const { driver } = small();
    driver.press('z', '/', ...'helper', 'enter', 'i');
    const text = driver.text();
    expect(text).toMatch(/Type +tristate/);
    expect(text).toMatch(/Selected by +\[y\] FORCER \[=y\]/);
    expect(text).toMatch(/Prompt +A helper \(Kconfig:\d+\)/);
    driver.press('tab');
    expect(driver.text()).toContain('[2 Why, and how to change it]');
  });
});

describe('files', () => {
  it('are saved under a name, loaded, and compared with', () => {
    const files = memoryFiles();
    const session = sessionOver(parse({ Kconfig: TREE }), { files });
    const driver = configDriver(session);
    driver.press('j', 'n', 's', 'enter');
    expect(driver.text()).toContain('Saved .config');
    expect(files.texts.get('.config')).toBe(session.config.write());
    driver.press('S', 'enter', 'E', 'enter');
    expect(files.texts.get('defconfig')).toBe('# CONFIG_SMP is not set\n');
    expect(files.texts.get('changes.config')).toContain('# CONFIG_SMP is not set\n');
    driver.press('y', 'D');
    expect(driver.text()).toMatch(/SMP +n +y/);
    driver.press('escape', 'L', 'enter');
    expect(session.config.get('SMP')).toBe('n');
    driver.press('L', 'x', 'enter');
    expect(driver.text()).toContain('There is no file .configx');
  });

  it('that cannot be written lose nothing', () => {
    const files = {
      ...memoryFiles(),
      write: () => {
        throw new Error('no space left');
      },
    };
    const session = sessionOver(parse({ Kconfig: TREE }), { files });
    const driver = configDriver(session);
    driver.press('j', 'n', 's', 'enter');
    expect(driver.text()).toContain('Not saved: no space left');
    expect(session.dirty).toBe(true);
  });

  it('are none: q leaves at once, and Esc asks', () => {
    const { driver } = small();
    driver.press('escape');
    expect(driver.text()).toContain('Leave?');
    driver.press('escape', 'q');
    expect(driver.exits).toEqual([0]);
  });

  it('are asked about before leaving', () => {
    const { driver, session } = small();
    driver.press('j', 'n', 'q');
    expect(driver.text()).toContain('Save the changes to .config before leaving?');
    driver.press('c');
    expect(driver.exits).toEqual([]);
    driver.press('q', 'y');
    expect(driver.exits).toEqual([0]);
    expect(session.dirty).toBe(false);
  });

  it('are kept for the next start by a second q, and given up only by n', () => {
    const kept = small();
    kept.driver.press('j', 'n', 'q', 'q');
    expect(kept.driver.exits).toEqual([0]);
    expect(kept.session.unsaved()).toBe('the changes to .config');
    const given = small();
    given.driver.press('j', 'n', 'q', 'n');
    expect(given.driver.exits).toEqual([0]);
    expect(given.session.unsaved()).toBeNull();
  });
});

it('has its help in a few lines, on half of the screen, or not at all', () => {
  const { driver } = small();
  const rule = (): number => driver.lines().findIndex((line) => line.startsWith('──'));
  const few = rule();
  driver.press('f');
  expect(rule()).toBeLessThan(few);
  expect(rule()).toBeGreaterThan(8);
  driver.press('f');
  expect(rule()).toBe(-1);
  driver.press('f');
  expect(rule()).toBe(few);
});

it('has the name and the reason of each option beside it on a wide terminal', () => {
  const { driver } = small();
  const line = (columns: number): string | undefined =>
    driver.lines({ columns, rows: 24 }).find((one) => one.includes('Several processors'));
  expect(line(159)).toMatch(/Several processors$/);
  expect(line(160)).toMatch(/Several processors {20,}SMP {20,}its default y/);
});

it('calls the keys of a search what they do there', () => {
  const { driver } = small();
  driver.press('/', 's');
  expect(driver.lines().at(-1)).toMatch(/Enter go there +Esc leave the search/);
});

it('exports its list as it is on the screen', () => {
  const { driver } = small();
  driver.press('e');
  expect(driver.text()).toMatch(/\[1 list\][\s\S]*Markdown[\s\S]*CSV/);
});

it.each([
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
  { columns: 40, rows: 10 },
  { columns: 20, rows: 5 },
])('fits $columns x $rows on every screen', (size) => {
  const session = sessionOver(shippedKconfig());
  const driver = configDriver(session, size);
  for (const keys of [
    ['z', 'F'],
    ['c', 'w'],
    ['tab'],
    ['escape', 'escape', 'C'],
    ['escape', '/', 'v'],
  ]) {
    driver.press(...keys);
    const drawn = driver.lines(size);
    expect(drawn.length).toBe(size.rows);
    for (const line of drawn) expect(textWidth(line)).toBeLessThanOrEqual(size.columns);
  }
});
