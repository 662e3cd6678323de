import type { Config, KSymbol, Property } from 'kconfiglib-js';
import { type ConfigSession, shownValue } from '../../sessions/config/index.ts';
import { firstSymbol, operands, withValues } from '../config/expression.ts';
import { helpLines, pathText } from '../config/pane.ts';
import type { Fact } from './fact.ts';

/** All that the tree says of a symbol, every expression with the values it has now, every line with its place. */
export function infoOf(session: ConfigSession, symbol: KSymbol): Fact[] {
  const { config } = session;
  const { name, type } = symbol;
  const user = config.userValue(name);
  return [
    { label: 'Value', text: shownValue(config.get(name)), tone: 'strong' },
    { label: 'Type', text: type },
    ...(user === undefined ? [] : [{ label: 'Set by you', text: shownValue(user) }]),
    ...propertyFacts(config, symbol, 'prompt', 'Prompt'),
    ...propertyFacts(config, symbol, 'range', 'Range'),
    ...propertyFacts(config, symbol, 'default', 'Default'),
    ...(symbol.choice ? [{ label: 'Choice', text: symbol.choice.prompt }] : []),
    ...terms(config, 'Depends on', symbol.directDep, '&&', 'y'),
    ...propertyFacts(config, symbol, 'select', 'Selects'),
    ...propertyFacts(config, symbol, 'imply', 'Implies'),
    ...terms(config, 'Selected by', symbol.reverseDep, '||', 'n'),
    ...terms(config, 'Implied by', symbol.weakReverseDep, '||', 'n'),
    ...helpLines(symbol.nodes.find(({ help }) => help !== undefined)?.help),
    ...symbol.nodes.map(({ span }, index) => ({
      label: index === 0 ? 'Defined' : '',
      text: `${span.file}:${span.line}`,
    })),
    ...symbol.nodes.slice(0, 1).map((node) => ({ label: 'Menu', text: pathText(node) })),
  ];
}

/** Properties of one kind, those that apply now before the rest is told apart by its tone. */
function propertyFacts(
  config: Config,
  { properties }: KSymbol,
  kind: Property['kind'],
  label: string,
): Fact[] {
  return properties
    .filter((property) => property.kind === kind)
    .map((property, index): Fact => {
      const { value, condition, span } = property;
      const expression = kind === 'prompt' ? value : withValues(config, value);
      const when = condition === 'y' ? '' : ` if ${withValues(config, condition)}`;
      const holds = config.evaluate(condition) !== 'n';
      return {
        label: index === 0 ? label : '',
        text: `${expression}${when} (${span.file}:${span.line})`,
        tone: holds ? 'plain' : 'muted',
        symbol: kind === 'select' || kind === 'imply' ? value : firstSymbol(config, condition),
      };
    });
}

/** The operands of an expression, each with its value; of alternatives those that hold come first. */
function terms(
  config: Config,
  label: string,
  expression: string,
  operator: '&&' | '||',
  trivial: string,
): Fact[] {
  if (expression === trivial) return [];
  const all = operands(expression, operator).map((text) => ({
    text,
    value: config.evaluate(text) ?? 'n',
  }));
  const held = all.filter(({ value }) => value !== 'n');
  const rest = all.filter(({ value }) => value === 'n');
  const sorted = operator === '||' ? [...held, ...rest] : all;
  return sorted.map(({ text, value }, index) => ({
    label: index === 0 ? label : '',
    text: `[${value}] ${withValues(config, text)}`,
    tone: value === 'n' ? (operator === '||' ? 'muted' : 'warn') : 'plain',
    symbol: firstSymbol(config, text),
  }));
}
