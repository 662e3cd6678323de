import type { CellResult } from '../matrix/index.ts';
import { type KernelCell, perKernel, unionOfNames } from './kernels.ts';
import type {
  CounterRow,
  FunctionEntry,
  FunctionRow,
  NameRow,
  StructLayout,
  StructRow,
  SurfaceTable,
} from './model.ts';

/** The compatibility table: each API, structure, counter and name in each kernel. */
export function surfaceTable(kernels: readonly KernelCell[]): SurfaceTable {
  const surfaces = kernels.flatMap(({ cell }) => (cell.surface ? [cell.surface] : []));
  return {
    functions: unionOfNames(surfaces.map((surface) => surface.functions)).map((name) =>
      functionRow(kernels, name),
    ),
    structs: unionOfNames(surfaces.map((surface) => surface.structs)).map(
      (name): StructRow => ({ name, kernels: perKernel(kernels, (cell) => layoutIn(cell, name)) }),
    ),
    counters: unionOfNames(surfaces.map((surface) => surface.counters)).map((name) =>
      counterRow(kernels, name),
    ),
    names: unionOfNames(surfaces.map((surface) => surface.names)).map((name) =>
      nameRow(kernels, name),
    ),
  };
}

function functionRow(kernels: readonly KernelCell[], name: string): FunctionRow {
  const first = kernels.map(({ cell }) => find(cell.surface?.functions, name)).find(Boolean);
  return {
    name,
    kind: first?.kind ?? 'function',
    kernels: perKernel(kernels, (cell) => functionIn(cell, name)),
  };
}

function functionIn(cell: CellResult, name: string): FunctionEntry {
  const found = find(cell.surface?.functions, name);
  if (!found) return { state: 'absent' };
  const { file, signature } = found;
  return found.state === 'stub'
    ? { state: 'stub', stub: found.stub ?? 'empty', file, signature }
    : { state: 'real', file, signature };
}

function layoutIn(cell: CellResult, name: string): StructLayout | null {
  const found = find(cell.surface?.structs, name);
  if (!found) return null;
  return {
    size: found.size,
    align: found.align,
    slabObjectSize: found.slabObjectSize ?? null,
    file: found.file,
    fields: found.fields.map(({ name, type, offset, size }) => ({ name, type, offset, size })),
  };
}

function counterRow(kernels: readonly KernelCell[], name: string): CounterRow {
  const first = kernels.map(({ cell }) => find(cell.surface?.counters, name)).find(Boolean);
  return {
    name,
    file: first?.file ?? '',
    kernels: perKernel(kernels, (cell) => find(cell.surface?.counters, name) !== undefined),
  };
}

function nameRow(kernels: readonly KernelCell[], name: string): NameRow {
  const first = kernels.map(({ cell }) => find(cell.surface?.names, name)).find(Boolean);
  return {
    name,
    kind: first?.kind ?? 'macro',
    file: first?.file ?? '',
    kernels: perKernel(kernels, (cell) => {
      const found = find(cell.surface?.names, name);
      return found === undefined ? null : { value: found.value ?? null };
    }),
  };
}

function find<T extends { readonly name: string }>(
  list: readonly T[] | undefined,
  name: string,
): T | undefined {
  return list?.find((entry) => entry.name === name);
}
