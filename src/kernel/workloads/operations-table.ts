import { ADVICE, MAP_FLAGS } from '../model/uapi.ts';
import { type OpSpec, type ParamSpec, USER_OPS } from '../model/user-ops.ts';

/** Every operation as a Markdown table: its name, its parameters with their defaults, what it gives, what it does. */
export function operationsTable(): string {
  const rows = Object.entries<OpSpec>(USER_OPS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, spec]) => `| \`${name}\` | ${parameters(spec)} | ${gives(spec)} | ${spec.does} |`);
  return [
    '| operation | parameters | gives | does |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** What the flags of mmap, the advice of madvise and other lists of names can be, as a Markdown list. */
export function namesList(): string {
  const lists = new Map<string, readonly string[]>([
    ['mmap `flags`', Object.keys(MAP_FLAGS)],
    ['`advice`', Object.keys(ADVICE)],
  ]);
  for (const [name, spec] of Object.entries<OpSpec>(USER_OPS)) {
    for (const p of spec.params) {
      if (p.names !== undefined) lists.set(`${name} \`${p.name}\``, Object.keys(p.names));
    }
  }
  return [...lists].map(([what, names]) => `- ${what}: ${names.join(', ')}\n`).join('');
}

function parameters(spec: OpSpec): string {
  const own = spec.params.map((p) => `\`${p.name}\`${defaultOf(p)}`);
  const one = spec.params.length === 1 && spec.params[0]?.kind === 'address';
  return [...own, ...(one ? ['`pages` = 1', '`segv` = false'] : [])].join(', ') || '–';
}

function gives(spec: OpSpec): string {
  if (spec.returns === 'file') return 'a file';
  return spec.returns ? 'an address' : '–';
}

/** How a default is written in a workload; nothing for a parameter that must be given. */
function defaultOf(p: ParamSpec): string {
  if (p.default === undefined) return '';
  const written = { address: 'none', file: 'none', mapping: 'none' } as Readonly<
    Record<string, string>
  >;
  if (p.kind === 'map_flags') return ` = ${namesOf(MAP_FLAGS, p.default)}`;
  if (p.kind === 'choice') {
    return ` = ${Object.entries(p.names ?? {}).find(([, value]) => value === p.default)?.[0]}`;
  }
  if (p.kind === 'names') return ` = ${namesOf(p.names ?? {}, p.default)}`;
  if (p.kind === 'prot') return ` = ${protOf(p.default)}`;
  return ` = ${written[p.kind] ?? p.default}`;
}

function namesOf(bits: Readonly<Record<string, number>>, value: number): string {
  const names = Object.entries(bits).filter(([, bit]) => (value & bit) !== 0);
  return `[${names.map(([name]) => name).join(', ')}]`;
}

function protOf(value: number): string {
  return ['r', 'w', 'x'].filter((_, bit) => value & (1 << bit)).join('') || 'none';
}
