import {
  didYouMean,
  errorDiagnostic,
  InputError,
  parseYaml,
  type YamlNode,
} from '../../input/index.ts';
import type { Binding } from './binding.ts';
import type { KeyName } from './decode.ts';
import type { KeyTable } from './key-table.ts';
import { KEY_NAMES, keyNamed } from './known-keys.ts';

/** Keys a user wants for a command, in one scope or wherever there is the command. */
export interface Override {
  readonly scope: string | null;
  readonly command: string;
  /** Empty: the command shall have no key. */
  readonly keys: readonly KeyName[];
  readonly span: YamlNode['span'];
}

type Diagnostic = ReturnType<typeof errorDiagnostic>;

/**
 * Read a file of keys: `command: key` or `command: [key, key]`, for one screen alone below its name.
 * Everything that is wrong with it is told at once, each with its place: an `InputError`.
 */
export function readOverrides(text: string, file: string, table: KeyTable): Override[] {
  const problems: Diagnostic[] = [];
  const overrides: Override[] = [];
  const add = (
    scope: string | null,
    name: string,
    node: YamlNode,
    span: YamlNode['span'],
  ): void => {
    const known = commandsOf(table, scope);
    if (!known.includes(name)) {
      problems.push(unknown(scope === null ? 'command or screen' : 'command', name, known, span));
      return;
    }
    if (name === 'interrupt') {
      const message = 'Ctrl-C always leaves the program: it cannot be given another key';
      problems.push(errorDiagnostic('fixed-key', message, span));
      return;
    }
    const keys = wordsOf(node).flatMap((word) => keyOf(word, problems));
    overrides.push({ scope, command: name, keys, span });
  };
  const root = parseYaml(text, file);
  if (root.kind === 'null') return [];
  const spans = new Map(root.keys().map(({ name, span }) => [name, span]));
  for (const [name, node] of root.entries()) {
    if (node.kind !== 'map') {
      add(null, name, node, spans.get(name)!);
    } else if (!table.scopes.includes(name)) {
      problems.push(unknown('screen', name, table.scopes, spans.get(name)!));
    } else {
      const inner = new Map(node.keys().map(({ name: command, span }) => [command, span]));
      for (const [command, keys] of node.entries()) add(name, command, keys, inner.get(command)!);
    }
  }
  problems.push(...conflicts(overrides, table));
  if (problems.length > 0) throw new InputError(problems);
  return overrides;
}

/**
 * The bindings of a scope as the user wants them. A key given to a command is taken from every other; a
 * rule for this scope counts more than one for all.
 */
export function overridden(
  bindings: readonly Binding[],
  scope: string,
  overrides: readonly Override[],
): readonly Binding[] {
  const wanted = wantedIn(bindings, scope, overrides);
  if (wanted.size === 0) return bindings;
  const taken = new Set([...wanted.values()].flatMap(({ keys }) => keys));
  return bindings.map((binding) => {
    const own = wanted.get(binding.command);
    const keys = own?.keys ?? binding.keys.filter((key) => !taken.has(key));
    return { ...binding, keys };
  });
}

/** What is wanted of the commands of a scope. */
function wantedIn(
  bindings: readonly Binding[],
  scope: string,
  overrides: readonly Override[],
): Map<string, Override> {
  const commands = new Set(bindings.map(({ command }) => command));
  const wanted = new Map<string, Override>();
  for (const which of [null, scope]) {
    for (const override of overrides) {
      if (override.scope === which && commands.has(override.command)) {
        wanted.set(override.command, override);
      }
    }
  }
  return wanted;
}

/** Keys asked for twice in one scope, letters where letters are text, commands left without a key. */
function conflicts(overrides: readonly Override[], table: KeyTable): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const report = (override: Override, code: string, message: string, hint: string): void => {
    const { line, column } = override.span;
    found.set(`${line}:${column} ${code}`, errorDiagnostic(code, message, override.span, hint));
  };
  for (const scope of table.scopes) {
    const before = table.bindings(scope);
    const wanted = wantedIn(before, scope, overrides);
    const owner = new Map<KeyName, string>();
    for (const override of wanted.values()) {
      for (const key of override.keys) {
        const other = owner.get(key);
        owner.set(key, override.command);
        if (key === 'ctrl+c') {
          report(override, 'fixed-key', 'Ctrl-C always leaves the program', 'choose another key');
        } else if (other !== undefined) {
          const where = `"${key}" is given to both ${other} and ${override.command} in ${scope}`;
          report(override, 'key-conflict', where, 'give one of them another key');
        } else if (table.isText(scope) && [...key].length === 1) {
          const message = `"${key}" is text in ${scope}, it cannot be a command there`;
          report(override, 'key-is-text', message, 'use a key with Ctrl or without a character');
        }
      }
    }
    for (const left of overridden(before, scope, overrides)) {
      if (left.keys.length > 0 || wanted.has(left.command)) continue;
      const had = before.find(({ command }) => command === left.command)!.keys;
      const thief = [...wanted.values()].find(({ keys }) => keys.some((key) => had.includes(key)));
      if (!thief) continue;
      const message = `${thief.command} takes the last key of ${left.command} in ${scope}`;
      report(thief, 'key-lost', message, `give ${left.command} another key, or none: []`);
    }
  }
  return [...found.values()];
}

function commandsOf(table: KeyTable, scope: string | null): string[] {
  const scopes = scope === null ? table.scopes : [scope];
  return [...new Set(scopes.flatMap((one) => table.bindings(one).map(({ command }) => command)))];
}

function wordsOf(node: YamlNode): YamlNode[] {
  if (node.kind === 'null') return [];
  return node.kind === 'seq' ? node.items() : [node];
}

function keyOf(node: YamlNode, problems: Diagnostic[]): KeyName[] {
  const word = node.asScalarText();
  const key = keyNamed(word);
  if (key === null) problems.push(unknown('key', word, KEY_NAMES, node.span));
  return key === null ? [] : [key];
}

function unknown(
  what: string,
  word: string,
  known: readonly string[],
  span: YamlNode['span'],
): Diagnostic {
  const code = `unknown-${what.split(' ')[0]}`;
  return errorDiagnostic(code, `there is no ${what} "${word}"`, span, didYouMean(word, known));
}
