import type { SourceTree } from '../source/source-tree.ts';

/** Reads a file of the tree. */
type Read = (path: string) => string | undefined;

/** A header of system call numbers, as a rule of a Makefile has it made by scripts/syscallhdr.sh. */
interface Rule {
  /** Path of the table. */
  readonly table: string;
  readonly abis: readonly string[];
  readonly prefix: string;
  readonly offset: string;
}

/**
 * Headers of system call numbers a build makes from tables, by the name they are included by: those of the rules in an
 * architecture's syscalls/Makefile, and those its Kbuild files have made from the common table
 * (scripts/Makefile.asm-headers).
 */
export function syscallFiles(tree: SourceTree, arch: string): Map<string, string> {
  const read: Read = (path) => tree.text(path);
  const rules = new Map([...commonRules(read, arch), ...ownRules(tree, arch)]);
  const found = new Map<string, string>();
  for (const [name, rule] of rules) {
    const table = read(rule.table);
    if (table !== undefined) found.set(`asm/${name}`, numbersOf(table, rule));
  }
  return found;
}

function numbersOf(table: string, { abis, prefix, offset }: Rule): string {
  const lines: string[] = [];
  let most = 0;
  for (const [, number, abi, name] of table.matchAll(/^(\d+)[ \t]+(\w+)[ \t]+(\w+)/gm)) {
    if (abis.length > 0 && !abis.includes(abi as string)) continue;
    most = Number(number);
    lines.push(`${name} ${offset === '' ? number : `(${offset} + ${number})`}`);
  }
  lines.push(`syscalls ${most + 1}`);
  return lines.map((line) => `#define __NR_${prefix}${line}\n`).join('');
}

/** `$(uapi)/unistd_64.h: abis := common,64` and `$(uapi)/unistd_64.h: $(syscall64) …` of arch/…/syscalls/Makefile. */
function* ownRules(tree: SourceTree, arch: string): Generator<[string, Rule]> {
  const own = new RegExp(`^arch/${arch}/(?:.*/)?syscalls/Makefile$`);
  for (const path of tree.index.files) {
    if (!own.test(path)) continue;
    const text = tree.text(path) ?? '';
    const folder = path.slice(0, path.lastIndexOf('/'));
    const tables = new Map(
      [...text.matchAll(/^(\w+)[ \t]*:?=[ \t]*\$\(src(?:tree)?\)\/(\S+\.tbl)/gm)].map(
        ([whole, name, table]) =>
          [
            name as string,
            whole.includes('$(srctree)') ? `${table}` : `${folder}/${table}`,
          ] as const,
      ),
    );
    const header = /^\$\(\w+\)\/(unistd_\w+\.h):[ \t]*\$\((\w+)\)/gm;
    for (const [, name, variable] of text.matchAll(header)) {
      const table = tables.get(variable as string);
      if (table === undefined) continue;
      const set = (key: string): string =>
        new RegExp(`^\\$\\(\\w+\\)/${name}:[ \\t]*${key}[ \\t]*:=[ \\t]*(\\S+)`, 'm').exec(
          text,
        )?.[1] ?? '';
      const abis = set('abis')
        .split(',')
        .filter((abi) => abi !== '');
      yield [name as string, { table, abis, prefix: set('prefix'), offset: set('offset') }];
    }
  }
}

/** `syscall-y += unistd_64.h` of an architecture's Kbuild files. */
function* commonRules(read: Read, arch: string): Generator<[string, Rule]> {
  const common = read('scripts/Makefile.asm-headers') ?? '';
  const rules = `${common}\n${read(`arch/${arch}/kernel/Makefile.syscalls`) ?? ''}`;
  const [lists, folder] = ['uapi/asm', 'asm'].map(
    (at) => read(`arch/${arch}/include/${at}/Kbuild`) ?? '',
  ) as [string, string];
  const named = `${lists}\n${folder}`.matchAll(/^syscall-\S+[ \t]*\+?=[ \t]*(.*)$/gm);
  const pattern = [...rules.matchAll(/^syscalltbl[ \t]*:?=[ \t]*(?:\$\(srctree\)\/)?(\S+)/gm)].at(
    -1,
  )?.[1];
  if (pattern === undefined) return;
  for (const name of [...named].flatMap((one) => (one[1] as string).split(/\s+/))) {
    const [, compat, stem] = /^unistd_(compat_)?(\w+)\.h$/.exec(name) ?? [];
    if (stem === undefined) continue;
    const lines = rules.matchAll(new RegExp(`^syscall_abis_${stem}[ \\t]*\\+?=[ \\t]*(.*)$`, 'gm'));
    const abis = [...lines].flatMap((one) => (one[1] as string).split(/[\s,]+/)).filter(Boolean);
    const prefix = compat === undefined ? '' : `compat${stem}_`;
    yield [name, { table: pattern.replace('%', stem), abis, prefix, offset: '' }];
  }
}
