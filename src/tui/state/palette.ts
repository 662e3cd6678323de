import { askChoice } from '../dialogs/ask.ts';
import type { ChoiceItem } from '../dialogs/dialog.ts';
import type { Binding } from '../keys/binding.ts';
import { keyLabel } from '../keys/decode.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { type State, topOf } from './model.ts';
import { nowOf } from './scope.ts';

/** Commands that make no sense in a list of commands: they move about in what is below it. */
const LEFT_OUT = [
  'palette',
  'up',
  'down',
  'page-up',
  'page-down',
  'half-up',
  'half-down',
  'first',
  'last',
  'tab',
];

/** Ask for one of the commands that do something now, a tab, or a screen. */
export function openPalette(state: State, world: ScreenWorld, name: string): State {
  return askChoice(state, {
    to: 'program',
    name,
    title: 'Commands',
    items: [...commandItems(state, world), ...tabItems(state, world), ...screenItems(state, world)],
  });
}

function commandItems(state: State, world: ScreenWorld): ChoiceItem[] {
  const now = nowOf(state, world);
  return world.keys
    .bindings(topOf(state).kind)
    .filter((binding) => !LEFT_OUT.includes(binding.command) && (binding.when?.(now) ?? true))
    .map((binding) => ({
      key: `command ${binding.command}`,
      label: binding.help,
      search: `${binding.label} ${binding.command}`,
      remark: keysText(binding, world.theme.ascii),
    }));
}

function tabItems(state: State, world: ScreenWorld): ChoiceItem[] {
  const screen = topOf(state);
  const tabs = world.module(screen.kind).tabs?.list(state, screen, world) ?? [];
  return tabs.map(({ title }, tab) => ({
    key: `tab ${tab}`,
    label: `show ${title}`,
    search: 'tab layer',
    remark: `${tab + 1}`,
  }));
}

function screenItems(state: State, world: ScreenWorld): ChoiceItem[] {
  const below = state.stack.slice(0, -1).map((screen, index) => ({
    key: `back ${index + 1}`,
    label: `back to ${world.module(screen.kind).crumb(screen, world)}`,
    search: 'screen',
  }));
  const others = world.modules.flatMap(({ kind, entry }) =>
    entry && (entry.when?.(state, world) ?? true)
      ? [{ key: `screen ${kind}`, label: entry.label, search: 'screen open' }]
      : [],
  );
  return [...below, ...others];
}

function keysText({ keys }: Binding, ascii: boolean): string {
  return keys
    .slice(0, 2)
    .map((key) => keyLabel(key, ascii))
    .join(' ');
}
