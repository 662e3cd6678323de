import { BINDINGS, type Binding, type Command, type Scope, type Situation } from './bindings.ts';
import type { KeyName } from './decode.ts';

/** What a key asks for in a scope, if anything. */
export function commandFor(scope: Scope, key: KeyName): Command | null {
  const found = BINDINGS.find(({ scopes, keys }) => scopes.includes(scope) && keys.includes(key));
  return found?.command ?? null;
}

/** The bindings the footer shows in a scope, in order, only those that do something now. */
export function footerBindings(scope: Scope, now: Situation): Binding[] {
  return BINDINGS.filter(
    ({ scopes, footer, when }) =>
      scopes.includes(scope) && footer !== undefined && (when?.(now) ?? true),
  ).sort((a, b) => a.footer! - b.footer!);
}

/** Every binding of a scope, in the table's order. */
export function bindingsOf(scope: Scope): Binding[] {
  return BINDINGS.filter(({ scopes }) => scopes.includes(scope));
}
