import { isDeepStrictEqual } from 'node:util';
import { byCodeUnit } from '../kernels.ts';
import type { FieldLayout, FunctionEntry, StructLayout } from '../model.ts';
import { nameText } from '../varies.ts';
import type {
  CounterDiff,
  FieldDiff,
  FunctionDiff,
  NameDiff,
  SizeDiff,
  StructDiff,
  StructSize,
  SurfaceDiff,
} from './model.ts';
import type { SideKernel } from './side.ts';
import { union } from './union.ts';

/** APIs, structures, counters and other names that are not the same in two kernels. */
export function diffSurface(left: SideKernel, right: SideKernel): SurfaceDiff {
  return {
    functions: functionDiffs(left, right),
    structs: structDiffs(left, right),
    counters: counterDiffs(left, right),
    names: nameDiffs(left, right),
  };
}

/** Structure sizes that differ. */
export function diffSizes(structs: readonly StructDiff[]): SizeDiff[] {
  return structs
    .filter(
      ({ left, right }) =>
        left?.size !== right?.size || left?.slabObjectSize !== right?.slabObjectSize,
    )
    .map(({ name, left, right }) => ({
      struct: name,
      left: left?.size ?? null,
      right: right?.size ?? null,
      delta: left && right ? right.size - left.size : null,
      slab: { left: left?.slabObjectSize ?? null, right: right?.slabObjectSize ?? null },
    }));
}

const ABSENT: FunctionEntry = { state: 'absent' };

function functionDiffs(left: SideKernel, right: SideKernel): FunctionDiff[] {
  const a = left.report.surface.functions;
  const b = right.report.surface.functions;
  const rows = union(a, b, (row) => row.name).sort((p, q) => byCodeUnit(p.key, q.key));
  return rows.flatMap(({ key: name, left: x, right: y }) => {
    const before = x?.kernels[left.id] ?? ABSENT;
    const after = y?.kernels[right.id] ?? ABSENT;
    const diff: FunctionDiff = {
      name,
      kind: (y ?? x)?.kind ?? 'function',
      left: before.state,
      right: after.state,
      stub: { left: stubOf(before), right: stubOf(after) },
      signature: { left: detail(before, 'signature'), right: detail(after, 'signature') },
      file: { left: detail(before, 'file'), right: detail(after, 'file') },
    };
    return isDeepStrictEqual(before, after) ? [] : [diff];
  });
}

function stubOf(entry: FunctionEntry): string | null {
  return entry.state === 'stub' ? entry.stub : null;
}

function detail(entry: FunctionEntry, key: 'signature' | 'file'): string | null {
  return entry.state === 'absent' ? null : entry[key];
}

function structDiffs(left: SideKernel, right: SideKernel): StructDiff[] {
  const a = left.report.surface.structs;
  const b = right.report.surface.structs;
  return union(a, b, (row) => row.name).flatMap(({ key: name, left: x, right: y }) => {
    const before = x?.kernels[left.id] ?? null;
    const after = y?.kernels[right.id] ?? null;
    if (isDeepStrictEqual(before, after)) return [];
    return [
      { name, left: sizeOf(before), right: sizeOf(after), fields: fieldDiffs(before, after) },
    ];
  });
}

function sizeOf(layout: StructLayout | null): StructSize | null {
  if (!layout) return null;
  const { size, align, slabObjectSize } = layout;
  return { size, align, slabObjectSize };
}

function fieldDiffs(left: StructLayout | null, right: StructLayout | null): FieldDiff[] {
  const name = (field: FieldLayout): string => field.name;
  return union(left?.fields ?? [], right?.fields ?? [], name)
    .filter((pair) => !isDeepStrictEqual(pair.left ?? null, pair.right ?? null))
    .map(({ key, left: a, right: b }) => ({ name: key, left: a ?? null, right: b ?? null }));
}

function counterDiffs(left: SideKernel, right: SideKernel): CounterDiff[] {
  const a = left.report.surface.counters;
  const b = right.report.surface.counters;
  return union(a, b, (row) => row.name)
    .map(({ key: name, left: x, right: y }) => ({
      name,
      left: x?.kernels[left.id] ?? false,
      right: y?.kernels[right.id] ?? false,
    }))
    .filter((diff) => diff.left !== diff.right);
}

function nameDiffs(left: SideKernel, right: SideKernel): NameDiff[] {
  const a = left.report.surface.names;
  const b = right.report.surface.names;
  return union(a, b, (row) => row.name)
    .map(({ key: name, left: x, right: y }) => {
      const kind = (y ?? x)?.kind ?? 'macro';
      const [before, after] = [x?.kernels[left.id], y?.kernels[right.id]];
      return {
        name,
        kind,
        left: before ? nameText(kind, before) : null,
        right: after ? nameText(kind, after) : null,
      };
    })
    .filter((diff) => diff.left !== diff.right);
}
