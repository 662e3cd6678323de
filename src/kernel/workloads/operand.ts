import { didYouMean, type YamlNode } from '../../input/index.ts';
import type { Program } from '../model/program.ts';
import { ADVICE, MAP_FLAGS, PROT_EXEC, PROT_NONE, PROT_READ, PROT_WRITE } from '../model/uapi.ts';
import type { ParamSpec } from '../model/user-ops.ts';
import type { Scope } from './scope.ts';
import type { Address, Argument } from './workload.ts';

/** Largest run of pages one statement may name: 4 GiB. A larger one is a slip. */
export const MAX_PAGES = 1 << 20;
/** Farthest from its variable that an address can lie: 1 TiB, so that no page table is shared. */
const MAX_OFFSET = 1 << 28;

/** Reads one parameter of an operation as its kind asks. */
export function readOperand(
  param: ParamSpec,
  node: YamlNode,
  scope: Scope,
  programs: readonly Program[],
): Argument {
  switch (param.kind) {
    case 'address':
      return readAddress(node, scope);
    case 'file':
    case 'mapping':
      return readVariable(param.kind, node, scope);
    case 'pages':
      return node.asInteger({ min: 1, max: MAX_PAGES });
    case 'prot':
      return readProt(node);
    case 'map_flags':
      return readFlags(node);
    case 'advice':
      return ADVICE[node.asOneOf(Object.keys(ADVICE) as (keyof typeof ADVICE)[])];
    case 'choice': {
      const names = param.names ?? {};
      return names[node.asOneOf(Object.keys(names))] as number;
    }
    case 'names':
      return readNames(node, param.names ?? {});
    case 'program':
      return programNumber(node, programs);
    case 'integer':
      return node.asInteger({ min: -MAX_PAGES, max: MAX_PAGES });
  }
}

/** Number of the program a node names. */
export function programNumber(node: YamlNode, programs: readonly Program[]): number {
  const name = node.asOneOf(programs.map((p) => p.name));
  return programs.findIndex((p) => p.name === name);
}

const TERM = /^\s*(?:(?<number>\d+)\s*(?<index>\*\s*index)?|(?<name>[A-Za-z_]\w*))\s*/;

/**
 * An address: one variable, plus or minus pages, plus pages per thread number: `buf`, `buf+500`,
 * `area+512*index`.
 */
export function readAddress(node: YamlNode, scope: Scope): Address {
  const text = node.asScalarText();
  const bad = (): never =>
    node.fail(
      'bad-address',
      `"${text}" is not an address`,
      'an address is a variable with an offset in pages: buf, buf+500, area+512*index',
    );
  let rest = text;
  let sign = 1;
  let name: string | undefined;
  let offset = 0;
  let perIndex = 0;
  for (;;) {
    const term = TERM.exec(rest);
    if (term?.groups === undefined) return bad();
    rest = rest.slice(term[0].length);
    if (term.groups.name === 'index') perIndex += sign;
    else if (term.groups.name !== undefined) {
      if (name !== undefined || sign < 0) return bad();
      name = term.groups.name;
    } else if (term.groups.index !== undefined) perIndex += sign * Number(term.groups.number);
    else offset += sign * Number(term.groups.number);
    if (rest === '') break;
    if (rest[0] !== '+' && rest[0] !== '-') return bad();
    sign = rest[0] === '+' ? 1 : -1;
    rest = rest.slice(1);
  }
  if (name === undefined) return bad();
  if (Math.abs(offset) > MAX_OFFSET || Math.abs(perIndex) > MAX_PAGES) {
    const most = Math.abs(offset) > MAX_OFFSET ? MAX_OFFSET : MAX_PAGES;
    node.fail('out-of-range', `the offset in "${text}" is more than ${most} pages`);
  }
  return { place: scope.use(name, node.span), name, offset, perIndex, span: node.span };
}

/** What stands for a whole thing: a variable and nothing else. */
function readVariable(what: string, node: YamlNode, scope: Scope): Address {
  const address = readAddress(node, scope);
  if (address.offset === 0 && address.perIndex === 0) return address;
  return node.fail('bad-variable', `a ${what} is a variable, without an offset`);
}

/** `none`, or r, w and x in any combination. */
export function readProt(node: YamlNode): number {
  const text = node.asScalarText();
  if (text === 'none') return PROT_NONE;
  if (!/^(?!.*(.).*\1)[rwx]+$/.test(text)) {
    node.fail(
      'unknown-value',
      `"${text}" is not a protection`,
      'write none, or some of r, w and x: rw',
    );
  }
  return (
    (text.includes('r') ? PROT_READ : 0) |
    (text.includes('w') ? PROT_WRITE : 0) |
    (text.includes('x') ? PROT_EXEC : 0)
  );
}

/** A list of names, or one alone, each standing for a bit. */
function readNames(node: YamlNode, bits: Readonly<Record<string, number>>): number {
  const names = Object.keys(bits);
  const items = node.kind === 'seq' ? node.items() : [node];
  return items.reduce((all, item) => all | (bits[item.asOneOf(names)] as number), 0);
}

/** A list of flag names. */
function readFlags(node: YamlNode): number {
  const names = Object.keys(MAP_FLAGS) as (keyof typeof MAP_FLAGS)[];
  let flags = 0;
  for (const item of node.items()) {
    const text = item.asScalarText();
    const name = names.find((n) => n === text);
    if (name === undefined) {
      return item.fail(
        'unknown-value',
        `unknown mmap flag "${text}"`,
        didYouMean(text, names) ?? `known flags: ${names.join(', ')}`,
      );
    }
    flags |= MAP_FLAGS[name];
  }
  if ((flags & MAP_FLAGS.shared) !== 0 && (flags & MAP_FLAGS.private) !== 0) {
    node.fail('bad-flags', 'a mapping is either shared or private, not both');
  }
  if ((flags & (MAP_FLAGS.shared | MAP_FLAGS.private)) === 0) {
    node.fail('bad-flags', 'the flags must say shared or private');
  }
  return flags;
}
