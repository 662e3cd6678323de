import { DIALOGS } from '../dialogs/registry.ts';
import type { ScreenModule } from '../screens/module.ts';
import type { Binding, Now } from './binding.ts';
import {
  FILTER_BINDINGS,
  LIST_BINDINGS,
  PROGRAM_BINDINGS,
  QUIT_BINDINGS,
  TAB_BINDINGS,
} from './bindings.ts';
import type { KeyName } from './decode.ts';
import { type Override, overridden } from './overrides.ts';

/**
 * The one key table. A scope is where keys go: a kind of screen or of dialog, `filter` for the filter
 * line, `loading` before there is a screen.
 */
export interface KeyTable {
  readonly scopes: readonly string[];
  /** Every binding of a scope, the screen's own first. */
  bindings(scope: string): readonly Binding[];
  /** Whether keys with a character are text in a scope. */
  isText(scope: string): boolean;
  /** What a key asks for in a scope, if anything. */
  command(scope: string, key: KeyName): string | null;
}

/** The key table of some kinds of screen, with the keys a user wants in place of the usual ones. */
export function makeKeyTable(
  modules: readonly ScreenModule[],
  overrides: readonly Override[] = [],
): KeyTable {
  const usual: (readonly [string, readonly Binding[]])[] = [
    ['loading', [...QUIT_BINDINGS, ...PROGRAM_BINDINGS]],
    ...modules.map((module) => [module.kind, bindingsOf(module)] as const),
    ['filter', [...FILTER_BINDINGS, ...PROGRAM_BINDINGS]],
    ...DIALOGS.map(({ kind, bindings }) => [kind, [...bindings, ...PROGRAM_BINDINGS]] as const),
  ];
  const scopes = new Map(
    usual.map(([scope, bindings]) => [scope, overridden(bindings, scope, overrides)]),
  );
  const text = new Set(['filter', ...DIALOGS.map(({ kind }) => kind)]);
  const commands = new Map([...scopes].map(([scope, bindings]) => [scope, byKey(bindings)]));
  return {
    scopes: [...scopes.keys()],
    bindings: (scope) => scopes.get(scope) ?? [],
    isText: (scope) => text.has(scope),
    command: (scope, key) => commands.get(scope)?.get(key) ?? null,
  };
}

/** The bindings of all scopes; those shared by several occur in each. */
export function allBindings(table: KeyTable): readonly Binding[] {
  return table.scopes.flatMap((scope) => table.bindings(scope));
}

/** Of the bindings of a scope those the footer shows, in order: only those that do something now. */
export function footerBindings(
  table: KeyTable,
  scope: string,
  now: Now | null = null,
): readonly Binding[] {
  return table
    .bindings(scope)
    .filter(
      (binding) =>
        binding.footer !== undefined &&
        binding.keys.length > 0 &&
        (now === null || (binding.when?.(now) ?? true)),
    )
    .sort((a, b) => a.footer! - b.footer!);
}

/** A module's own bindings, then the shared ones it neither leaves out nor words anew. */
function bindingsOf(module: ScreenModule): readonly Binding[] {
  const own = new Set([...module.bindings.map(({ command }) => command), ...(module.omits ?? [])]);
  const shared = [
    ...LIST_BINDINGS,
    ...(module.tabs ? TAB_BINDINGS : []),
    ...QUIT_BINDINGS,
    ...PROGRAM_BINDINGS,
  ];
  return [...module.bindings, ...shared.filter(({ command }) => !own.has(command))];
}

function byKey(bindings: readonly Binding[]): ReadonlyMap<KeyName, string> {
  const found = new Map<KeyName, string>();
  for (const { command, keys } of bindings) {
    for (const key of keys) if (!found.has(key)) found.set(key, command);
  }
  return found;
}
