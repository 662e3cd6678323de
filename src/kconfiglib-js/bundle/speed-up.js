// What the bundle does to the modules so that a short run gets along without the optimizing compiler: until V8 optimizes
// a function, each `T.WORD` of a table of numbers and each `#name` is looked up at run time. Numbers are written where
// they are used, which also makes jump tables of `switch` statements, and private names become plain properties.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** A plugin for rolldown that changes all modules in this folder. */
export function speedUp(folder) {
  return {
    name: 'speed-up',
    transform(code, id) {
      if (!id.startsWith(folder) || !id.endsWith('.js')) return null;
      const tree = parseAst(code);
      return {
        code: replaced(code, [...constants(tree, id), ...privateNames(tree, id)]),
        map: null,
      };
    },
  };
}

/** Places that say by what they are replaced. */
function replaced(code, places) {
  let out = '';
  let at = 0;
  for (const { start, end, by } of places.toSorted((a, b) => a.start - b.start)) {
    out += code.slice(at, start) + by;
    at = end;
  }
  return out + code.slice(at);
}

function constants(tree, id) {
  const known = new Map(numbersOf(id));
  for (const statement of tree.body) {
    if (statement.type !== 'ImportDeclaration' || !statement.source.value.startsWith('.')) continue;
    const numbers = numbersOf(resolve(dirname(id), statement.source.value));
    for (const { type, imported, local } of statement.specifiers) {
      const value = type === 'ImportSpecifier' ? numbers.get(imported.name) : undefined;
      if (value !== undefined) known.set(local.name, value);
    }
  }
  // A name that anything else in the module has too is left as it is.
  for (const name of innerNames(tree)) known.delete(name);
  const places = [];
  walk(tree, undefined, (node, parent) => {
    if (node.type === 'MemberExpression' && !node.computed && node.object.type === 'Identifier') {
      const number = known.get(node.object.name)?.[node.property.name];
      if (number !== undefined)
        places.push({ start: node.start, end: node.end, by: literal(number) });
    } else if (node.type === 'Identifier' && isRead(node, parent)) {
      const number = known.get(node.name);
      if (typeof number === 'number')
        places.push({ start: node.start, end: node.end, by: literal(number) });
    }
  });
  return places;
}

const literal = (number) => (number < 0 ? `(${number})` : String(number));

/** Is an identifier the value of a variable, and nothing else's name. */
function isRead(node, parent) {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.computed || parent.object === node;
    case 'Property':
      return !parent.shorthand && (parent.computed || parent.value === node);
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.computed || parent.value === node;
    case 'VariableDeclarator':
      return parent.init === node;
    case 'ImportSpecifier':
    case 'ExportSpecifier':
      return false;
    default:
      return true;
  }
}

const numbersByFile = new Map();

/** The constants of a module that are numbers, and those that are objects of nothing but numbers. */
function numbersOf(file) {
  let numbers = numbersByFile.get(file);
  if (numbers) return numbers;
  numbers = new Map();
  for (const statement of parseAst(readFileSync(file, 'utf8')).body) {
    const declaration = statement.declaration ?? statement;
    if (declaration.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
    for (const { id, init } of declaration.declarations) {
      const value = id.type === 'Identifier' ? numberOf(init) : undefined;
      if (value !== undefined) numbers.set(id.name, value);
    }
  }
  numbersByFile.set(file, numbers);
  return numbers;
}

function numberOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'number') return node.value;
  if (node?.type === 'UnaryExpression' && node.operator === '-') {
    const value = numberOf(node.argument);
    return typeof value === 'number' ? -value : undefined;
  }
  if (node?.type === 'BinaryExpression' && node.operator === '|') {
    const [left, right] = [numberOf(node.left), numberOf(node.right)];
    return typeof left === 'number' && typeof right === 'number' ? left | right : undefined;
  }
  if (node?.type !== 'ObjectExpression') return undefined;
  const table = Object.create(null);
  for (const { type, computed, key, value } of node.properties) {
    const number = numberOf(value);
    if (type !== 'Property' || computed || key.type !== 'Identifier' || typeof number !== 'number')
      return undefined;
    table[key.name] = number;
  }
  return table;
}

/** Names that are declared below the level of the module. */
function innerNames(tree) {
  const names = new Set();
  const declare = (pattern) => {
    walk(pattern, undefined, (node) => {
      if (node.type === 'Identifier') names.add(node.name);
    });
  };
  walk(tree, undefined, (node, parent) => {
    for (const param of node.params ?? []) declare(param);
    if (node.type === 'CatchClause' && node.param) declare(node.param);
    if (node.type !== 'VariableDeclaration' && !/^(Function|Class)/.test(node.type)) return;
    if (parent === tree || parent?.type === 'ExportNamedDeclaration') return;
    for (const { id } of node.declarations ?? [node]) if (id) declare(id);
  });
  return names;
}

/** Every `#name` as `_name`. That is the same only where no subclass has a field of that name. */
function privateNames(tree, file) {
  const places = [];
  const taken = new Set();
  walk(tree, undefined, (node, parent) => {
    if (node.type === 'PrivateIdentifier') {
      if (parent.type === 'BinaryExpression') throw new Error(`${file}: #${node.name} in …`);
      places.push({ start: node.start, end: node.end, by: `_${node.name}` });
    } else if (node.type === 'Identifier') taken.add(node.name);
    const superClass = node.superClass?.name;
    if (superClass !== undefined && superClass !== 'Error')
      for (const { key } of node.body.body)
        if (key?.type === 'PrivateIdentifier')
          throw new Error(`${file}: #${key.name} in a subclass`);
  });
  for (const { by } of places) if (taken.has(by)) throw new Error(`${file}: ${by} is taken`);
  return places;
}

function walk(node, parent, visit) {
  visit(node, parent);
  for (const [key, child] of Object.entries(node)) {
    if (key === 'parent' || typeof child !== 'object' || child === null) continue;
    for (const each of Array.isArray(child) ? child : [child])
      if (typeof each?.type === 'string') walk(each, node, visit);
  }
}
