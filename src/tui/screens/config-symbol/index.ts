import type { DoEffect, StopEffect } from '../../effects/config.ts';
import { placeOf } from '../../sessions/config/index.ts';
import { selectedRow } from '../../state/cursor.ts';
import { asking, type State } from '../../state/model.ts';
import { jumpTo } from '../config/jump.ts';
import { sessionOf } from '../config/screen.ts';
import type { ScreenModule, ScreenWorld } from '../module.ts';
import { type Fact, type FactRow, factRows } from './fact.ts';
import { infoOf } from './info.ts';
import { otherValues, type SymbolScreen, symbolScreen, turnTo } from './screen.ts';
import { whyFacts } from './why.ts';

const PAGES = ['info', 'why'] as const;
const TABS = [
  { title: 'Symbol', short: 'Symbol' },
  { title: 'Why, and how to change it', short: 'Why' },
];

/** A symbol: what the tree says of it, why it has its value, and what would give it another. */
export const symbolModule: ScreenModule<SymbolScreen> = {
  kind: 'config-symbol',
  crumb: ({ name }) => name,
  count: () => '',
  tableKey: (state, screen, world) => {
    const { version, plans } = sessionOf(world, screen);
    const { session, name, page } = screen;
    return `${session} ${version} ${plans.revision} ${name} ${page} ${state.size.columns}`;
  },
  table: (state, screen, world) => ({
    columns: [{ title: '', width: 1 }],
    rows: factRows(factsOf(screen, world), state.size.columns),
  }),
  header: false,
  details: false,
  tabs: {
    list: () => TABS,
    open: (_state, { page }) => PAGES.indexOf(page),
    go: (state, screen, world, tab) => turnTo(state, world, screen, PAGES[tab] ?? 'info'),
  },
  bindings: [
    {
      command: 'open',
      keys: ['enter', 'right', 'l'],
      label: 'go there',
      help: 'the place of the option of this line in the menus',
      group: 'Open and leave',
      footer: 1,
    },
    {
      command: 'config-symbol:apply',
      keys: ['a'],
      label: 'apply',
      help: 'make the changes that give the option the other value',
      group: 'Change',
      footer: 3,
      when: ({ state, world, screen }) => planOf(state, world, screen) !== undefined,
    },
    {
      command: 'config-symbol:info',
      keys: ['i'],
      label: 'info',
      help: 'all the tree says of the option of this line',
      group: 'Open and leave',
    },
    {
      command: 'config-symbol:why',
      keys: ['w'],
      label: 'why',
      help: 'why the option of this line has its value',
      group: 'Open and leave',
      footer: 4,
    },
    {
      command: 'config-symbol:undo',
      keys: ['u'],
      label: 'undo',
      help: 'undo the last change',
      group: 'Change',
      footer: 5,
      when: ({ world, screen }) => sessionOf(world, screen).undoable > 0,
    },
  ],
  commands: {
    open: (state, world, screen) => {
      const name = symbolOfLine(state, world) ?? screen.name;
      const node = placeOf(sessionOf(world, screen).kconfig.symbols.get(name));
      return node ? jumpTo(state, world, screen, node) : state;
    },
    back: (state, world, screen) => {
      const left = { ...state, stack: state.stack.slice(0, -1) };
      const running = otherValues(world, screen).some((value) => {
        const plan = sessionOf(world, screen).plans.get(screen.name, value);
        return plan && !plan.found && !plan.stopped;
      });
      if (!running) return left;
      return asking<StopEffect>(state, { kind: 'config:stop', session: screen.session });
    },
    'config-symbol:apply': apply,
    'config-symbol:info': (state, world, screen) => another(state, world, screen, 'info'),
    'config-symbol:why': (state, world, screen) => another(state, world, screen, 'why'),
    'config-symbol:undo': (state, _world, { session }) =>
      asking<DoEffect>(state, { kind: 'config:do', session, op: { do: 'undo' }, keep: null }),
  },
};

function factsOf(screen: SymbolScreen, world: ScreenWorld): readonly Fact[] {
  const session = sessionOf(world, screen);
  if (screen.page === 'why') return whyFacts(session, screen.name, otherValues(world, screen));
  const symbol = session.kconfig.symbols.get(screen.name);
  return symbol ? infoOf(session, symbol) : [];
}

function factOfLine(state: State, world: ScreenWorld): Fact | undefined {
  return (selectedRow(state, world) as FactRow | null)?.fact;
}

function symbolOfLine(state: State, world: ScreenWorld): string | undefined {
  return factOfLine(state, world)?.symbol;
}

/** The page of the symbol of this line, or the other page of this symbol. */
function another(
  state: State,
  world: ScreenWorld,
  screen: SymbolScreen,
  page: SymbolScreen['page'],
): State {
  const name = symbolOfLine(state, world) ?? screen.name;
  if (name === screen.name) return turnTo(state, world, screen, page);
  return symbolScreen(state, world, screen.session, name, page);
}

/** The value whose plan would be applied: that of the line, or the first that was found. */
function planOf(state: State, world: ScreenWorld, screen: SymbolScreen): string | undefined {
  if (screen.page !== 'why') return undefined;
  const { plans } = sessionOf(world, screen);
  const possible = (value: string): boolean =>
    plans.get(screen.name, value)?.found?.possible === true;
  const ofLine = factOfLine(state, world)?.plan;
  if (ofLine !== undefined && possible(ofLine)) return ofLine;
  return otherValues(world, screen).find(possible);
}

function apply(state: State, world: ScreenWorld, screen: SymbolScreen): State {
  const { session, name } = screen;
  const value = planOf(state, world, screen);
  const { plans } = sessionOf(world, screen);
  const found = value === undefined ? undefined : plans.get(name, value)?.found;
  if (found?.possible !== true) return { ...state, notice: 'There is no plan to apply.' };
  const values = found.changes.map(({ symbol, to }) => ({
    name: symbol,
    ...(to !== undefined && { to }),
  }));
  const op = { do: 'apply', goal: `${name}=${value}`, values } as const;
  return asking<DoEffect>(state, { kind: 'config:do', session, op, keep: null });
}
