import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { autoconfOf } from '../preprocess/autoconf.ts';
import { dataModelOf } from '../preprocess/compiler.ts';
import { type Configuration, unitOf } from '../preprocess/configuration.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import { itemsOfFile } from '../preprocess/tokens.ts';
import { treeKconfig } from '../refs/architectures.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { generatedFiles } from './bounds.ts';
import { Unsized } from './constant.ts';
import { Declared } from './declared.ts';
import { Layouts } from './layout.ts';
import { loadParser, type SyntaxParser } from './parser.ts';
import { Types } from './records.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');

/** Headers with the types drivers meet. */
const HEADERS = [
  'linux/mm.h',
  'linux/fs.h',
  'linux/netdevice.h',
  'linux/pci.h',
  'linux/blkdev.h',
  'net/tcp.h',
];

let tree: SourceTree;
let files: KernelFiles;
let parser: SyntaxParser;

beforeAll(async () => {
  tree = new SourceTree(ROOT, await scanTree(ROOT));
  files = new KernelFiles(tree);
  parser = await loadParser();
});

function configurationOf(arch: 'x86_64' | 'i386', off: readonly string[]): Configuration {
  const config = treeKconfig(tree, arch).config();
  config.load(readFileSync(join(ROOT, `arch/x86/configs/${arch}_defconfig`), 'utf8'));
  config.apply('olddefconfig');
  for (const name of off) config.set(name, 'n');
  return { arch: 'x86', values: (name) => config.get(name), autoconf: autoconfOf(config.write()) };
}

describe.each([
  ['x86_64', 'x86_64', [], '-m64'],
  ['x86_64 for one CPU', 'x86_64', ['SMP'], '-m64'],
  ['i386', 'i386', [], '-m32'],
] as const)('%s', (_, arch, off, width) => {
  it('every struct has the size and the offsets gcc gives it', () => {
    const configuration = configurationOf(arch, off);
    const items = itemsOfFile(HEADERS.map((name) => `#include <${name}>\n`).join(''));
    const generated = generatedFiles(files, configuration, parser);
    const unit = unitOf(files, 'all.c', configuration, generated, { items });
    const declared = new Declared(unit);
    const layouts = new Layouts(
      new Types(declared, parser),
      dataModelOf('x86', configuration.values),
      parser,
    );
    const own = new Map<string, string>();
    const unsized: string[] = [];
    const asked: string[] = [];
    for (const [key, { keyword }] of declared.tags) {
      if (keyword === 'enum') continue;
      const layout = layouts.of(key);
      if (layout instanceof Unsized) {
        unsized.push(`${key}: ${layout.message}`);
        continue;
      }
      const members = layout.members.filter(({ bits }) => bits === undefined);
      own.set(key, [layout.size, ...members.map(({ offset }) => offset)].join(' '));
      const offsets = members.map(({ name }) => `__builtin_offsetof(${key}, ${name})`);
      asked.push(
        `unsigned long asked_${asked.length}[] = { ${[`sizeof(${key})`, ...offsets].join(', ')} };`,
      );
    }
    const folder = mkdtempSync(join(tmpdir(), 'kmatrix-layout-'));
    try {
      // Types are asked about, not code: that of functions may use what only a build makes.
      const text = declared.segments
        .map(({ from, to, body }) =>
          body ? `${declared.source(from, body[0])};` : declared.source(from, to),
        )
        .join('\n');
      writeFileSync(join(folder, 'all.c'), `${text}\n${asked.join('\n')}\n`);
      const flags = [
        width,
        '-std=gnu11',
        '-w',
        '-ffreestanding',
        '-funsigned-char',
        '-O0',
        '-S',
        '-o',
        '-',
      ];
      const assembler = execFileSync('gcc', [...flags, join(folder, 'all.c')], {
        maxBuffer: 1 << 28,
      }).toString();
      const theirs = numbersOf(assembler);
      expect(Object.fromEntries(own)).toEqual(
        Object.fromEntries([...own.keys()].map((key, at) => [key, theirs.get(`asked_${at}`)])),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(own.size).toBeGreaterThan(1200);
    expect(unsized).toEqual([]);
  });
});

/** The numbers an array has in the assembler's text. */
function numbersOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let name = '';
  for (const line of text.split('\n')) {
    const label = /^(asked_\d+):/.exec(line)?.[1];
    if (label !== undefined) name = label;
    else if (!line.startsWith('\t')) name = '';
    const number = /^\t\.(?:quad|long)\t(\d+)$/.exec(line)?.[1];
    const zeros = /^\t\.zero\t(\d+)$/.exec(line)?.[1];
    if (name === '' || (number === undefined && zeros === undefined)) continue;
    const words = number ?? '0 '.repeat(Number(zeros) / (/\.quad/.test(text) ? 8 : 4)).trim();
    found.set(name, [found.get(name), words].filter((part) => part !== undefined).join(' '));
  }
  return found;
}
