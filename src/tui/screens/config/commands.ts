import type { MenuNode } from 'kconfiglib-js';
import { askConfirm, askText } from '../../dialogs/ask.ts';
import type { DoEffect } from '../../effects/config.ts';
import type { KeyName } from '../../keys/decode.ts';
import {
  activeRange,
  type ConfigSession,
  type Format,
  isEntered,
} from '../../sessions/config/index.ts';
import { leave } from '../../state/commands.ts';
import { reselect, selectedKey } from '../../state/cursor.ts';
import { asking, push, replaceTop, type State, topOf } from '../../state/model.ts';
import { changesScreen } from '../config-changes/screen.ts';
import { symbolScreen } from '../config-symbol/screen.ts';
import type { ScreenWorld, Step } from '../module.ts';
import { addCell } from './add-cell.ts';
import { jumpTo } from './jump.ts';
import {
  type ConfigScreen,
  type ConfigView,
  configScreen,
  type Pane,
  sessionOf,
} from './screen.ts';

type ConfigStep = Step<ConfigScreen>;

const NEXT_PANE: Readonly<Record<Pane, Pane>> = { few: 'half', half: 'none', none: 'few' };

/** What the keys of a menu do. */
export const CONFIG_COMMANDS: Readonly<Record<string, ConfigStep>> = {
  'config:y': (state, world, screen) => setValue(state, world, screen, 'y'),
  'config:m': (state, world, screen) => setValue(state, world, screen, 'm'),
  'config:n': (state, world, screen) => setValue(state, world, screen, 'n'),
  'config:toggle': toggle,
  open,
  back,
  'config:reset': (state, world, screen) => {
    const name = selectedNode(state, world, screen)?.symbol?.name;
    return name ? asked(state, world, screen, { do: 'unset', name }) : state;
  },
  'config:undo': (state, world, screen) => asked(state, world, screen, { do: 'undo' }),
  'config:redo': (state, world, screen) => asked(state, world, screen, { do: 'redo' }),

  'config:all': (state, world, screen) => view(state, world, screen, { all: !screen.all }),
  'config:names': (state, world, screen) => view(state, world, screen, { names: !screen.names }),
  'config:pane': (state, world, screen) =>
    view(state, world, screen, { pane: NEXT_PANE[screen.pane] }),
  'config:flat': (state, world, screen) => {
    const key = selectedKey(state, world);
    return reselect(
      replaceTop(state, { ...screen, flat: !screen.flat } as ConfigScreen),
      world,
      key,
    );
  },
  'config:info': (state, world, screen) => openSymbol(state, world, screen, 'info'),
  'config:why': (state, world, screen) => openSymbol(state, world, screen, 'why'),
  'config:others': (state, _world, { session }) => push(state, changesScreen(session, 0)),
  'config:changes': (state, _world, { session }) => push(state, changesScreen(session, 1)),
  'config:compare': (state, _world, { session }) => push(state, changesScreen(session, 2)),

  'config:save': (state, world, screen) => askSave(state, world, screen, 'config'),
  'config:save-defconfig': (state, world, screen) => askSave(state, world, screen, 'defconfig'),
  'config:save-fragment': (state, world, screen) => askSave(state, world, screen, 'fragment'),
  'config:add-cell': addCell,
  'config:load': (state, world, screen) =>
    askText(state, {
      to: 'config',
      name: `load ${screen.session}`,
      title: 'Load a .config in place of all values',
      text: sessionOf(world, screen).file,
    }),
  quit,

  filter: (state, _world, screen) => ({
    ...replaceTop(state, { ...screen, before: screen.list } as ConfigScreen),
    typing: true,
  }),
  'filter-drop': leaveSearch,
  'filter-keep': (state, world, screen) => {
    const node = selectedNode(state, world, screen);
    return node && screen.list.filter.trim() !== ''
      ? jumpTo(state, world, screen, node)
      : leaveSearch(state, world, screen);
  },
};

/** The entry of the selected row. */
export function selectedNode(
  state: State,
  world: ScreenWorld,
  screen: ConfigScreen,
): MenuNode | undefined {
  const key = selectedKey(state, world);
  return key === null ? undefined : sessionOf(world, screen).node(Number(key));
}

function asked(
  state: State,
  world: ScreenWorld,
  { session }: ConfigScreen,
  op: DoEffect['op'],
): State {
  return asking<DoEffect>(state, {
    kind: 'config:do',
    session,
    op,
    keep: selectedKey(state, world),
  });
}

function setValue(state: State, world: ScreenWorld, screen: ConfigScreen, value: string): State {
  const symbol = selectedNode(state, world, screen)?.symbol;
  if (!symbol) return { ...state, notice: 'This has no value: Enter opens it.' };
  if (symbol.type !== 'bool' && symbol.type !== 'tristate')
    return { ...state, notice: `${symbol.name} is of type ${symbol.type}: Enter edits it.` };
  return asked(state, world, screen, { do: 'set', name: symbol.name, value });
}

function toggle(state: State, world: ScreenWorld, screen: ConfigScreen): State {
  const node = selectedNode(state, world, screen);
  const symbol = node?.symbol;
  if (!node || !symbol) return open(state, world, screen);
  if (symbol.type !== 'bool' && symbol.type !== 'tristate')
    return askValue(state, world, screen, node);
  const { name } = symbol;
  // Choosing a member is all that can be done with one: the others go off by themselves.
  const member = symbol.choice !== undefined && symbol.type === 'bool';
  return asked(
    state,
    world,
    screen,
    member ? { do: 'set', name, value: 'y' } : { do: 'cycle', name },
  );
}

function open(state: State, world: ScreenWorld, screen: ConfigScreen): State {
  const node = selectedNode(state, world, screen);
  if (!node || node.kind === 'comment') return state;
  if (isEntered(node) && node.children.length > 0) {
    const entered = push(state, configScreen(screen.session, node.index, screen));
    const chosen = node.choice && chosenEntry(node, sessionOf(world, screen));
    return chosen ? reselect(entered, world, String(chosen.index)) : entered;
  }
  return node.symbol ? toggle(state, world, screen) : state;
}

/** Of a choice the entry that is chosen. */
function chosenEntry({ children }: MenuNode, { config }: ConfigSession): MenuNode | undefined {
  return children.find(({ symbol }) => symbol !== undefined && config.get(symbol.name) === 'y');
}

function askValue(state: State, world: ScreenWorld, screen: ConfigScreen, node: MenuNode): State {
  const session = sessionOf(world, screen);
  const { symbol } = node;
  if (!symbol) return state;
  const { name, type } = symbol;
  if (session.config.visibility(name) === 'n')
    return asked(state, world, screen, { do: 'set', name, value: session.config.get(name) });
  const range = activeRange(session.config, symbol);
  const hint = range ? `${type} from ${range.low.text} to ${range.high.text}` : type;
  const text = session.config.get(name);
  const title = node.prompt ?? name;
  return askText(state, {
    to: 'config',
    name: `value ${screen.session} ${name}`,
    title,
    text,
    hint,
  });
}

const SAVE_AS: Readonly<Record<Format, { title: string; file: (file: string) => string }>> = {
  config: { title: 'Save the .config as', file: (file) => file },
  defconfig: { title: 'Save a defconfig as', file: () => 'defconfig' },
  fragment: { title: 'Save the changes as a fragment', file: () => 'changes.config' },
};

function askSave(state: State, world: ScreenWorld, screen: ConfigScreen, format: Format): State {
  const { title, file } = SAVE_AS[format];
  const text = file(sessionOf(world, screen).file);
  return askText(state, { to: 'config', name: `save ${screen.session} ${format}`, title, text });
}

/** All menus of the configuration are shown in another way. */
function view(
  state: State,
  world: ScreenWorld,
  screen: ConfigScreen,
  changed: Partial<ConfigView>,
): State {
  const key = selectedKey(state, world);
  const stack = state.stack.map((one) =>
    one.kind === 'config' && (one as ConfigScreen).session === screen.session
      ? { ...one, ...changed }
      : one,
  );
  return reselect({ ...state, stack }, world, key);
}

function openSymbol(
  state: State,
  world: ScreenWorld,
  screen: ConfigScreen,
  page: 'info' | 'why',
): State {
  const node = selectedNode(state, world, screen);
  // A choice and a menu have no reason of their own; what there is to say of them is below the list.
  if (!node?.symbol) return { ...state, notice: 'Only symbols have a value and a reason.' };
  return symbolScreen(state, world, screen.session, node.symbol.name, page);
}

function leaveSearch(state: State, _world: ScreenWorld, screen: ConfigScreen): State {
  return {
    ...replaceTop(state, { ...screen, list: screen.before } as ConfigScreen),
    typing: false,
  };
}

function back(state: State, world: ScreenWorld, screen: ConfigScreen, key: KeyName): State {
  if (screen.list.filter !== '') return leaveSearch(state, world, screen);
  if (state.stack.length > 1) return { ...state, stack: state.stack.slice(0, -1) };
  // An arrow pressed once too often is not meant to end the program.
  if (key !== 'escape') return { ...state, notice: 'This is the first menu; q quits.' };
  return quit(state, world, screen, key);
}

function quit(state: State, world: ScreenWorld, screen: ConfigScreen, key: KeyName): State {
  const session = sessionOf(world, screen);
  const unsaved = session.unsaved();
  const title = 'Quit';
  const name = `quit ${screen.session}`;
  const stay = { value: 'stay', letter: 'c', label: 'cancel' };
  const goes = { value: 'leave', letter: 'n', label: unsaved ? 'no, quit' : 'quit' };
  if (unsaved === null && key !== 'escape') return leave(state, 0);
  if (unsaved === null) {
    // Esc at the top is no way to lose a place by mistake.
    const options = [{ ...goes, letter: 'y', label: 'yes' }, stay];
    return askConfirm(state, { to: 'config', name, title, text: 'Leave?', options });
  }
  const options = [
    { value: 'save', letter: 'y', label: 'yes, save and quit' },
    goes,
    { value: 'keep', letter: 'q', label: 'quit, offer them next time' },
    stay,
  ];
  const text = `Save ${unsaved} before leaving?`;
  return askConfirm(state, { to: 'config', name, title, text, options });
}

/** The state on top is a menu of a configuration. */
export function topMenu(state: State): ConfigScreen | undefined {
  const top = topOf(state);
  return top.kind === 'config' ? (top as ConfigScreen) : undefined;
}
