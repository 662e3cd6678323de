import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { App, type Outcome } from './app.tsx';
import { makeKeyTable } from './keys/key-table.ts';
import { openedReport } from './opened.ts';
import { MODULES } from './screens/registry.ts';
import { createSessions } from './sessions/session.ts';
import { createTerminalInput } from './stdin/terminal-input.ts';
import { fixtureReport } from './testing/fixture.ts';
import { makeTheme } from './theme.ts';
import type { Load } from './use-load.ts';

const theme = makeTheme({ NO_COLOR: '1' });
let unmount: () => void = () => {};

afterEach(() => unmount());

/** The program with a loader; `outcome` is how it ended. */
function start(load: Load): ReturnType<typeof render> & {
  outcome: () => Outcome | null;
  type: (bytes: string) => void;
} {
  let outcome: Outcome | null = null;
  const input = createTerminalInput();
  const instance = render(
    <App
      title="kmatrix test"
      load={load}
      theme={theme}
      keys={makeKeyTable(MODULES)}
      input={input}
      sessions={createSessions()}
      suspend={async () => {}}
      onOutcome={(ended) => {
        outcome = ended;
      }}
    />,
  );
  unmount = instance.unmount;
  return { ...instance, outcome: () => outcome, type: input.write };
}

describe('App', () => {
  it('shows progress, then the cells', async () => {
    let finish: () => void = () => {};
    const app = start((progress) => {
      progress({ done: 3, total: 12, label: 'v7.0:SMP=y' });
      return new Promise((resolve) => {
        finish = () => resolve(openedReport(fixtureReport()));
      });
    });
    await vi.waitFor(() => expect(app.lastFrame()).toContain('3 of 12'));
    expect(app.lastFrame()).toContain('kmatrix test');
    expect(app.lastFrame()).toContain('v7.0:SMP=y');
    finish();
    await vi.waitFor(() => expect(app.lastFrame()).toContain('13 cells'));
  });

  it('takes keys typed ahead in one go', async () => {
    const app = start(async () => openedReport(fixtureReport()));
    await vi.waitFor(() => expect(app.lastFrame()).toContain('13 cells'));
    app.type('jjj\r2');
    await vi.waitFor(() => expect(app.lastFrame()).toContain('[2 API'));
    expect(app.lastFrame()).toContain('v6.12:64BIT=n,SMP=n');
    app.type('q');
    await vi.waitFor(() => expect(app.outcome()).toEqual({ code: 0 }));
  });

  it('keeps keys typed while the report is loading', async () => {
    let finish: () => void = () => {};
    const app = start(
      () =>
        new Promise((resolve) => {
          finish = () => resolve(openedReport(fixtureReport()));
        }),
    );
    await vi.waitFor(() => expect(app.lastFrame()).toContain('kmatrix test'));
    app.type('jj\r');
    await new Promise((resolve) => setTimeout(resolve, 20));
    finish();
    await vi.waitFor(() => expect(app.lastFrame()).toContain('› v6.12:64BIT=n,SMP=y'));
  });

  it('hands on what loading throws', async () => {
    const error = new Error('no such matrix');
    const app = start(async () => {
      throw error;
    });
    await vi.waitFor(() => expect(app.outcome()).toEqual({ error }));
  });

  it('stops loading when the user leaves, with 130 for Ctrl-C', async () => {
    let signal: AbortSignal | undefined;
    const app = start((_progress, given) => {
      signal = given;
      return new Promise(() => {});
    });
    await vi.waitFor(() => expect(signal).toBeDefined());
    app.type('\u0003');
    await vi.waitFor(() => expect(app.outcome()).toEqual({ code: 130 }));
    expect(signal?.aborted).toBe(true);
  });
});
