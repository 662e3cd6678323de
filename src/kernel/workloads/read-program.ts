import type { YamlNode } from '../../input/index.ts';
import {
  BASES,
  type Base,
  type ElfFile,
  type Program,
  type Segment,
  STATIC_PROGRAM,
  type Step,
} from '../model/program.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../model/uapi.ts';
import { checkProgram } from './check-program.ts';
import { programNumber, readProt } from './operand.ts';

/** Largest page of a file that a program may have: files of the model are no longer. */
const MAX_FILE = 1 << 16;
/** Addresses of a program that cannot be moved: above what no program may map, and below where mmap begins. */
const FIXED = { min: 0x10, max: 0x7fff } as const;
/** Addresses within what can be moved. */
const MOVED = { min: 0, max: 0x7fff } as const;

/**
 * Reads `program:` (what the listed processes run) and `programs:` (what `execve` can name). The first of the result is what the processes
 * run: the one that ships where the file says nothing.
 */
export function readPrograms(root: YamlNode): readonly Program[] {
  const named = (root.get('programs')?.entries() ?? []).map(([name, node]) => {
    if (name === STATIC_PROGRAM.name)
      node.fail('duplicate-name', `"${name}" is the one that ships`);
    return readProgram(node, name);
  });
  const all = [STATIC_PROGRAM, ...named];
  const own = root.get('program');
  if (own === undefined) return all;
  if (own.kind !== 'scalar') return [readProgram(own, 'program'), ...all];
  const first = all[programNumber(own, all)] as Program;
  return [first, ...all.filter((p) => p !== first)];
}

function readProgram(node: YamlNode, name: string): Program {
  node.onlyKeys(['anywhere', 'segments', 'relro', 'interpreter', 'strings', 'start', 'forked']);
  const interpreter = node.get('interpreter');
  interpreter?.onlyKeys(['segments', 'relro']);
  const program: Program = {
    name,
    file: readFile(node, node.get('anywhere')?.asBoolean() ?? false),
    ...(interpreter && { interpreter: readFile(interpreter, true) }),
    strings: node.get('strings')?.asInteger({ min: 1, max: 32 }) ?? 1,
    start: readSteps(node.get('start')),
    forked: readSteps(node.get('forked')),
  };
  checkProgram(program, node);
  return program;
}

function readFile(node: YamlNode, anywhere: boolean): ElfFile {
  const segments = node
    .require('segments')
    .items()
    .map((s) => readSegment(s, anywhere));
  const relro = node.get('relro');
  relro?.onlyKeys(['at', 'pages']);
  return {
    anywhere,
    segments,
    ...(relro && {
      relro: {
        at: relro.require('at').asInteger(anywhere ? MOVED : FIXED),
        pages: relro.require('pages').asInteger({ min: 1, max: MAX_FILE }),
      },
    }),
  };
}

function readSegment(node: YamlNode, anywhere: boolean): Segment {
  node.onlyKeys(['at', 'offset', 'file', 'pages', 'prot', 'clears']);
  const pages = node.require('pages').asInteger({ min: 1, max: MAX_FILE });
  const file = node.get('file')?.asInteger({ min: 0, max: pages }) ?? pages;
  return {
    at: node.require('at').asInteger(anywhere ? MOVED : FIXED),
    offset: node.get('offset')?.asInteger({ min: 0, max: MAX_FILE - file }) ?? 0,
    file,
    pages,
    prot: readProt(node.require('prot')) & (PROT_READ | PROT_WRITE | PROT_EXEC),
    clears: node.get('clears')?.asBoolean() ?? false,
  };
}

function readSteps(node: YamlNode | undefined): readonly Step[] {
  return (node?.items() ?? []).map(readStep);
}

function readStep(node: YamlNode): Step {
  const [first] = node.keys();
  const name = first?.name ?? '';
  const value = node.require(name === '' ? 'read' : name);
  switch (name) {
    case 'brk':
      node.onlyKeys(['brk']);
      return { does: 'brk', pages: value.asInteger({ min: 1, max: MAX_FILE }) };
    case 'relro':
      node.onlyKeys(['relro']);
      return { does: 'relro', base: value.asOneOf(['image', 'interpreter']) };
    case 'read':
    case 'write': {
      node.onlyKeys([name, 'pages']);
      const pages = node.get('pages')?.asInteger({ min: 1, max: MAX_FILE }) ?? 1;
      return { does: name, ...readPlace(value), pages };
    }
    default:
      return node.fail('unknown-operation', 'a step of a program is read, write, brk or relro');
  }
}

const PLACE = new RegExp(`^(${BASES.join('|')})(?:\\s*([+-])\\s*(0x[0-9a-f]+|\\d+))?$`);

function readPlace(node: YamlNode): { base: Base; page: number } {
  const [, base, sign, offset = '0'] = PLACE.exec(node.asScalarText()) ?? [];
  if (base === undefined) {
    return node.fail(
      'bad-address',
      `"${node.asScalarText()}" is not a place in a program`,
      `write ${BASES.join(', ')}, plus or minus pages: image+0x401, stack-1`,
    );
  }
  return { base: base as Base, page: sign === '-' ? -Number(offset) : Number(offset) };
}
