import {
  type FunctionDiff,
  type FunctionEntry,
  nameText,
  type SizeDiff,
  type StructDiff,
  stateText,
} from '../../../report/index.ts';
import type { DetailLine } from '../../state/row.ts';
import type { Entry } from './entry.ts';
import type { Comparison } from './table.ts';

/** Functions, macros, counters and other names of either kernel. */
export function surfaceEntries(comparison: Comparison): Entry[] {
  return [
    ...functionEntries(comparison),
    ...counterEntries(comparison),
    ...nameEntries(comparison),
  ];
}

function functionEntries({ report, diff, left, right, glyphs }: Comparison): Entry[] {
  const differing = diff.surface.functions.map(
    (change): Entry => ({
      key: change.name,
      name: change.name,
      left: apiText(change, 'left'),
      right: apiText(change, 'right'),
      remark: stateChanges(change) ? (change.file.right ?? change.file.left ?? '') : 'declaration',
      differs: true,
      tone: change.right === 'real' ? 'good' : change.right === 'stub' ? 'warn' : 'bad',
      detail: () => functionDetail(change, glyphs.arrow),
    }),
  );
  const named = new Set(diff.surface.functions.map(({ name }) => name));
  if (report === null || left === null || right === null) return differing;
  const same = report.surface.functions
    .filter(({ name }) => !named.has(name))
    .flatMap(({ name, kind, kernels }): Entry[] => {
      const entry: FunctionEntry | undefined = kernels[left];
      // Absent on both sides: a function of another edition, which says nothing here.
      if (!entry || entry.state === 'absent') return [];
      const text = stateText(entry);
      return [
        {
          key: name,
          name,
          left: text,
          right: text,
          remark: entry.file,
          differs: false,
          detail: () => [
            { label: name, text: `${kind}, ${text} on both sides` },
            { label: 'signature', text: entry.signature },
            { label: 'file', text: entry.file },
          ],
        },
      ];
    });
  return [...differing, ...same];
}

function stateChanges({ left, right, stub }: FunctionDiff): boolean {
  return left !== right || stub.left !== stub.right;
}

function apiText(change: FunctionDiff, side: 'left' | 'right'): string {
  const stub = change.stub[side];
  return stub === null ? change[side] : `stub: ${stub}`;
}

function functionDetail(change: FunctionDiff, arrow: string): DetailLine[] {
  const { name, kind, signature, file } = change;
  return [
    {
      label: name,
      text: `${kind}: ${apiText(change, 'left')} ${arrow} ${apiText(change, 'right')}`,
      tone: 'strong',
    },
    ...bothLines('signature', signature, arrow),
    ...bothLines('file', file, arrow),
  ];
}

function bothLines(
  label: string,
  { left, right }: { left: string | null; right: string | null },
  arrow: string,
): DetailLine[] {
  if (left === null && right === null) return [];
  if (left === null || right === null || left === right) return [{ label, text: (left ?? right)! }];
  return [
    { label, text: left },
    { label: '', text: `${arrow} ${right}` },
  ];
}

function counterEntries({ diff }: Comparison): Entry[] {
  const word = (present: boolean): string => (present ? 'counted' : 'absent');
  return diff.surface.counters.map(({ name, left, right }) => ({
    key: `counter ${name}`,
    name,
    left: word(left),
    right: word(right),
    remark: '/proc/vmstat',
    differs: true,
    detail: () => [
      { label: name, text: `a line of /proc/vmstat: left ${word(left)}, right ${word(right)}` },
    ],
  }));
}

/** Names that differ. An option the layer of options tells of is not told again. */
function nameEntries({ diff }: Comparison): Entry[] {
  const told = new Set(diff.options.map(({ symbol }) => symbol));
  return diff.surface.names
    .filter(({ name, kind }) => kind !== 'option' || !told.has(name))
    .map(({ name, kind, left, right }) => {
      const [before, after] = [left ?? nameText(kind, null), right ?? nameText(kind, null)];
      return {
        key: `${kind} ${name}`,
        name,
        left: before,
        right: after,
        remark: kind,
        differs: true,
        detail: () => [{ label: name, text: `${kind}: left ${before}, right ${after}` }],
      };
    });
}

/** Structures whose size or layout differs, each followed by its fields that do. */
export function structEntries({ report, diff, left, right, glyphs }: Comparison): Entry[] {
  const differing = diff.surface.structs.flatMap((struct) => [
    sizeEntry(
      struct,
      diff.sizes.find((size) => size.struct === struct.name),
      glyphs.arrow,
    ),
    ...struct.fields.map((field) => fieldEntry(struct.name, field)),
  ]);
  const named = new Set(diff.surface.structs.map(({ name }) => name));
  if (report === null || left === null || right === null) return differing;
  const same = report.surface.structs.flatMap(({ name, kernels }): Entry[] => {
    const layout = kernels[left];
    if (named.has(name) || !layout) return [];
    const text = `${layout.size} bytes`;
    return [
      {
        key: name,
        name: `struct ${name}`,
        left: text,
        right: text,
        remark: '',
        differs: false,
        detail: () => [{ label: name, text: `${text} on both sides, ${layout.file}` }],
      },
    ];
  });
  return [...differing, ...same];
}

function sizeEntry(struct: StructDiff, size: SizeDiff | undefined, arrow: string): Entry {
  const { name, left, right, fields } = struct;
  const delta = size?.delta ?? 0;
  const remark = size && size.delta !== null ? `${signed(delta)} bytes` : 'layout';
  return {
    key: name,
    name: `struct ${name}`,
    left: left ? `${left.size} bytes` : 'absent',
    right: right ? `${right.size} bytes` : 'absent',
    remark,
    differs: true,
    detail: () => [
      {
        label: name,
        text: `${left ? left.size : 'absent'} ${arrow} ${right ? right.size : 'absent'} bytes (${remark})`,
        tone: 'strong',
      },
      {
        label: 'slab object',
        text: `${left?.slabObjectSize ?? 'none'} ${arrow} ${right?.slabObjectSize ?? 'none'}`,
      },
      { label: 'alignment', text: `${left?.align ?? 'none'} ${arrow} ${right?.align ?? 'none'}` },
      { label: 'fields', text: fields.map((field) => field.name).join(' ') || 'none differs' },
    ],
  };
}

function fieldEntry(struct: string, { name, left, right }: StructDiff['fields'][number]): Entry {
  const text = (field: typeof left): string =>
    field ? `${field.size} at ${field.offset}` : 'absent';
  const moved =
    left !== null && right !== null && left.size === right.size && left.type === right.type;
  return {
    key: `${struct}.${name}`,
    name: `.${name}`,
    left: text(left),
    right: text(right),
    remark: moved ? 'moved' : ((right ?? left)?.type ?? ''),
    // A field that only moved is shown among what is the same: every field behind a change moves.
    differs: !moved,
    part: true,
    detail: () => [
      { label: `${struct}.${name}`, text: (right ?? left)?.type ?? '' },
      {
        label: 'left',
        text: left ? `${left.type}, ${left.size} bytes at offset ${left.offset}` : 'absent',
      },
      {
        label: 'right',
        text: right ? `${right.type}, ${right.size} bytes at offset ${right.offset}` : 'absent',
      },
    ],
  };
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}
