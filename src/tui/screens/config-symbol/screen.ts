import type { PlanEffect } from '../../effects/config.ts';
import {
  asking,
  FRESH_LIST,
  push,
  replaceTop,
  type Screen,
  type State,
} from '../../state/model.ts';
import { sessionOf } from '../config/screen.ts';
import type { ScreenWorld } from '../module.ts';

/** All there is to say about a symbol of a configuration. */
export interface SymbolScreen extends Screen {
  readonly kind: 'config-symbol';
  readonly session: string;
  readonly name: string;
  readonly page: 'info' | 'why';
}

/** The state with the page of a symbol on top. */
export function symbolScreen(
  state: State,
  world: ScreenWorld,
  session: string,
  name: string,
  page: SymbolScreen['page'],
): State {
  const screen: SymbolScreen = { kind: 'config-symbol', session, name, page, list: FRESH_LIST };
  return askPlans(push(state, screen), world, screen);
}

/** The page turned. */
export function turnTo(
  state: State,
  world: ScreenWorld,
  screen: SymbolScreen,
  page: SymbolScreen['page'],
): State {
  const turned: SymbolScreen = { ...screen, page, list: FRESH_LIST };
  return askPlans(replaceTop(state, turned), world, turned);
}

/** After an edit the values are others, and so are the ways to change them. */
export function afterEdit(state: State, world: ScreenWorld, top: Screen): State {
  return top.kind === 'config-symbol' ? askPlans(state, world, top as SymbolScreen) : state;
}

/** The values a bool or tristate could have besides its own; none for numbers and texts. */
export function otherValues(world: ScreenWorld, screen: SymbolScreen): readonly string[] {
  const { config, kconfig } = sessionOf(world, screen);
  const type = kconfig.symbols.get(screen.name)?.type;
  const values = type === 'bool' ? ['y', 'n'] : type === 'tristate' ? ['y', 'm', 'n'] : [];
  return values.filter((value) => value !== config.get(screen.name));
}

/** Ask for the ways to other values, once the page that tells them is looked at. */
function askPlans(state: State, world: ScreenWorld, screen: SymbolScreen): State {
  if (screen.page !== 'why') return state;
  const { session, name } = screen;
  const { plans } = sessionOf(world, screen);
  const wanted = otherValues(world, screen).filter((value) => !plans.get(name, value));
  if (wanted.length === 0) return state;
  return asking<PlanEffect>(state, { kind: 'config:plan', session, name, wanted });
}
