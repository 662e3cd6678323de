import { PassThrough } from 'node:stream';
import { render } from 'ink';
import { describe, expect, it } from 'vitest';
import type { KeyName } from '../keys/decode.ts';
import { initialState } from '../state/model.ts';
import { reduce } from '../state/reducer.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { makeTheme, ThemeContext } from '../theme.ts';
import { matrixScreen } from './cells/screen.ts';
import { ScreenView } from './screen-view.tsx';

const size = { columns: 200, rows: 24 };
const theme = makeTheme({ INK_SCREEN_READER: 'true' });

/** What a screen reader is given after some keys. */
async function heard(...keys: KeyName[]): Promise<string> {
  const world = fixtureWorld(fixtureReport(), theme);
  let state = reduce(initialState(size, matrixScreen()), { type: 'resize', size }, world);
  state = reduce(state, { type: 'keys', keys }, world);
  const stdout = Object.assign(new PassThrough(), { columns: size.columns, rows: size.rows });
  let text = '';
  stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  const instance = render(
    <ThemeContext value={theme}>
      <ScreenView state={state} world={world} />
    </ThemeContext>,
    { stdout: stdout as unknown as NodeJS.WriteStream, isScreenReaderEnabled: true, debug: true },
  );
  instance.unmount();
  await instance.waitUntilExit();
  return text.replace(/\u001b\[[?0-9;]*[a-zA-Z]/g, '');
}

describe('for a screen reader', () => {
  it('rows are said with place, state and the titles of their columns', async () => {
    const text = await heard('space');
    expect(text).toContain('Screen: per-vma-lock. 13 cells, 1 rejected');
    expect(text).toMatch(
      /list: (?:\(checked\) )?.*1, edition v6\.12, 64BIT y, SMP y, VMA lock present/,
    );
    expect(text).toMatch(/\(selected\) edition v6\.12, 64BIT y, SMP n, VMA lock stub,.*; 2 of 13/);
    expect(text).toContain('why: PER_VMA_LOCK=n: depends on SMP, which is n');
    expect(text).toMatch(/Keys: enter report, .*question mark help, q quit/);
  });

  it('tabs are said, and a plot is a sentence', async () => {
    const text = await heard('enter', '5');
    expect(text).toContain('tab: (selected) 5 Performance');
    expect(text).toMatch(
      /Plot of ops\/s: page_fault1 [\d.]+[kM] on 1 CPU to [\d.]+[kM] on 8 CPUs; mixed /,
    );
  });

  it('dialogs, filters and remarks are said', async () => {
    expect(await heard('/', 'v', '7')).toContain('textbox: filter v7');
    expect(await heard('d', 'enter')).toContain('That is the same cell');
    const asked = await heard(':', ...'quit');
    expect(asked).toContain('Asked: Commands');
    expect(asked).toMatch(/\(selected\) quit +q/);
  });

  it('nothing is drawn', async () => {
    for (const keys of [[], ['enter', '5'], ['space', 'space', 'd'], ['?'], [':']]) {
      const text = await heard(...keys);
      expect(text).toMatch(/^[\x20-\x7e\n\r]*$/);
      expect(text).not.toMatch(/-{3}|={3}|#{3}/);
    }
  });
});
