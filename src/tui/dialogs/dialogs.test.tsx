import { renderToString } from 'ink';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../effects/effect.ts';
import { makeKeyTable } from '../keys/key-table.ts';
import { matrixModule } from '../screens/cells/index.ts';
import { matrixScreen } from '../screens/cells/screen.ts';
import type { ScreenModule, ScreenWorld } from '../screens/module.ts';
import { ScreenView } from '../screens/screen-view.tsx';
import { createWorld } from '../screens/world.ts';
import { putReport } from '../sessions/report.ts';
import { createSessions } from '../sessions/session.ts';
import { initialState, type Size, type State } from '../state/model.ts';
import { reduce } from '../state/reducer.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { textWidth } from '../text/width.ts';
import { makeTheme, ThemeContext } from '../theme.ts';
import { askChoice, askConfirm, askText } from './ask.ts';

const theme = makeTheme({ NO_COLOR: '1' });

/** The list of cells, as one who asks: it takes numbers only, and puts answers into the notice. */
const asking: ScreenModule = {
  ...matrixModule,
  check: (_state, { value }) => (/^\d*$/.test(String(value)) ? null : 'not a number'),
  answer: (state, answer) => ({ ...state, notice: answerText(answer) }),
};

const answerText = ({ name, value }: Answer): string => `${name}=${value}`;

let world: ScreenWorld;
let state: State;

beforeEach(() => {
  const sessions = createSessions();
  putReport(sessions, fixtureReport());
  const modules = [asking];
  world = createWorld({ theme, sessions, modules, keys: makeKeyTable(modules) });
  state = initialState({ columns: 60, rows: 20 }, matrixScreen());
});

function press(...keys: string[]): void {
  state = reduce(state, { type: 'keys', keys }, world);
}

function lines(size: Size = state.size): string[] {
  const sized = reduce(state, { type: 'resize', size }, world);
  const view = (
    <ThemeContext value={theme}>
      <ScreenView state={sized} world={world} />
    </ThemeContext>
  );
  return renderToString(view, { columns: size.columns })
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n');
}

const asked = { to: 'matrix', name: 'n', title: 'How many' };

describe('a prompt', () => {
  it('is edited, and its answer goes to who asked', () => {
    state = askText(state, { ...asked, text: '12' });
    press('home', '4', 'end', 'backspace', 'enter');
    expect(state.dialog).toBeNull();
    expect(state.notice).toBe('n=41');
  });

  it('does not take what is objected to, and says why', () => {
    state = askText(state, { ...asked, hint: 'digits' });
    expect(lines().join('\n')).toContain('digits');
    press('q', 'enter');
    expect(state.dialog).not.toBeNull();
    expect(lines().join('\n')).toContain('× not a number');
    press('ctrl+u', '7', 'enter');
    expect(state.notice).toBe('n=7');
  });

  it('remembers what was typed for the same question', () => {
    for (const text of ['1', '2', '1']) {
      state = askText(state, asked);
      press(text, 'enter');
    }
    state = askText(state, asked);
    press('up', 'up', 'up', 'down', 'enter');
    expect(state.notice).toBe('n=1');
    state = askText(state, { ...asked, name: 'other' });
    press('up', 'enter');
    expect(state.notice).toBe('other=');
  });

  it('takes a paste as text, keys in it not', () => {
    state = askText(state, asked);
    state = reduce(state, { type: 'paste', text: '4\n2' }, world);
    expect(state.dialog).toMatchObject({ line: { text: '4 2' } });
    press('escape');
    expect(state).toMatchObject({ dialog: null, notice: null });
  });

  it('leaves Ctrl-C to the program', () => {
    state = askText(state, asked);
    press('ctrl+c');
    expect(state.exit).toBe(130);
  });
});

describe('a choice', () => {
  const items = [
    { key: 'md', label: 'Markdown', remark: 'm' },
    { key: 'html', label: 'HTML, one file' },
    { key: 'json', label: 'JSON', search: 'machine' },
  ];

  it('is narrowed down by typing', () => {
    state = askChoice(state, { ...asked, items });
    press('h', 't');
    expect(lines().filter((line) => /Markdown|JSON/.test(line))).toEqual([]);
    press('enter');
    expect(state.notice).toBe('n=html');
  });

  it('is gone through, from the one selected to begin with', () => {
    state = askChoice(state, { ...asked, items, selected: 'html' });
    press('up', 'up', 'down', 'down', 'down', 'enter');
    expect(state.notice).toBe('n=json');
  });

  it('finds other words too, and chooses nothing where nothing is found', () => {
    state = askChoice(state, { ...asked, items });
    press(...'machine');
    expect(lines().join('\n')).toContain('JSON');
    press('x', 'enter');
    expect(state.dialog).not.toBeNull();
    expect(lines().join('\n')).toContain('nothing like that');
  });
});

describe('a question', () => {
  it('is answered by letter, by Enter, or not at all', () => {
    const question = { ...asked, text: 'Save before leaving?' };
    state = askConfirm(state, question);
    press('N');
    expect(state.notice).toBe('n=no');
    state = askConfirm(state, question);
    press('right', 'left', 'enter');
    expect(state.notice).toBe('n=yes');
    state = askConfirm(state, question);
    press('x', 'escape');
    expect(state).toMatchObject({ dialog: null, notice: null });
  });
});

it.each([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 9 },
  { columns: 20, rows: 5 },
])('fits $columns x $rows', (size) => {
  const items = Array.from({ length: 40 }, (_, index) => ({
    key: `${index}`,
    label: `item ${index}`,
  }));
  for (const dialog of [
    askText(state, asked),
    askChoice(state, { ...asked, items, selected: '30' }),
    askConfirm(state, { ...asked, text: 'A question of several words that is rather long.' }),
  ]) {
    state = dialog;
    const drawn = lines(size);
    expect(drawn).toHaveLength(size.rows);
    for (const line of drawn) expect(textWidth(line)).toBeLessThanOrEqual(size.columns);
  }
});
