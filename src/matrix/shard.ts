import { createHash } from 'node:crypto';
import { inputError } from '../input/index.ts';
import { buildId } from './build-id.ts';
import { sameKernels } from './same-kernels.ts';
import type { CellResult, CellSpec, MatrixResult } from './types.ts';

/** One of several parts of a matrix: every `of`th cell, the `index`th first. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** More parts than cells are no use. */
const MOST = 100_000;

/**
 * A shard as a command line names it: `2/5`.
 *
 * @throws InputError on anything else.
 */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.of <= MOST && shard.index <= shard.of) return shard;
  throw inputError(
    'usage',
    `--shard takes i/n with i from 1 to n, not "${text}"`,
    undefined,
    'e.g. --shard 1/4 on the first of four machines',
  );
}

/** Whether a cell, by its place in the matrix, is of a shard. Neighbours cost about the same, so they go apart. */
export function isInShard(position: number, { index, of }: Shard): boolean {
  return position % of === index - 1;
}

/** What one machine found, for `kmatrix merge`. */
export interface ShardFile {
  readonly schemaVersion: 1;
  readonly kind: 'shard';
  readonly shard: Shard;
  /** Cells of the whole matrix. */
  readonly total: number;
  /** Hash of the build and of all cells there are: parts of one matrix have the same. */
  readonly matrix: string;
  /** Hash of the result: a file that was changed since is noticed. */
  readonly check: string;
  readonly result: MatrixResult;
}

/** The file of a part of a matrix. `all` are its cells, `settings` what else its figures depend on. */
export function shardFile(
  shard: Shard,
  all: readonly CellSpec[],
  settings: unknown,
  result: MatrixResult,
): ShardFile {
  const { cells: _, profile: __, ...common } = result;
  return {
    schemaVersion: 1,
    kind: 'shard',
    shard,
    total: all.length,
    matrix: hashOf([buildId(), all, settings, common]),
    check: hashOf(result),
    result,
  };
}

/**
 * The part of a matrix in the text of a file.
 *
 * @throws InputError if it is none, or not what was written.
 */
export function parseShardFile(text: string, file: string): ShardFile {
  let data: Partial<ShardFile>;
  try {
    data = JSON.parse(text) as Partial<ShardFile>;
  } catch (error) {
    throw inputError('shard-syntax', `${file} is not JSON: ${(error as Error).message}`);
  }
  if (data?.kind !== 'shard' || data.schemaVersion !== 1) {
    throw inputError(
      'shard-file',
      `${file} is no part of a matrix that this kmatrix can read`,
      undefined,
      'write one with: kmatrix run MATRIX --shard 1/4 --out part1.json',
    );
  }
  if (data.check !== hashOf(data.result))
    throw inputError('shard-damaged', `${file} is not as kmatrix wrote it`);
  return data as ShardFile;
}

/** A part and the file it came from. */
export interface NamedShard {
  readonly file: string;
  readonly part: ShardFile;
}

/**
 * The result of a whole matrix from all its parts, in any order: the same as if it had been run at once.
 *
 * @throws InputError if parts are missing, twice there, or of different matrices.
 */
export function mergeShards(parts: readonly NamedShard[]): MatrixResult {
  const [first] = parts;
  if (!first) throw inputError('usage', 'there is nothing to merge');
  const { shard, total, matrix } = first.part;
  const seen = new Map<number, string>();
  for (const { file, part } of parts) {
    if (part.matrix !== matrix || part.shard.of !== shard.of || part.total !== total) {
      throw inputError(
        'shard-mismatch',
        `${file} is not of the same run as ${first.file}`,
        undefined,
        'parts belong together if matrix, options, number of shards and kmatrix are the same',
      );
    }
    const twin = seen.get(part.shard.index);
    if (twin !== undefined)
      throw inputError(
        'shard-twice',
        `${file} and ${twin} are the same part, ${nameOf(part.shard)}`,
      );
    seen.set(part.shard.index, file);
  }
  const missing = Array.from({ length: shard.of }, (_, i) => i + 1).filter((i) => !seen.has(i));
  if (missing.length > 0) {
    const names = missing.map((index) => nameOf({ index, of: shard.of }));
    throw inputError('shard-missing', `parts are missing: ${names.join(', ')}`);
  }
  const cells: CellResult[] = [];
  for (const { part } of parts)
    for (const [i, cell] of part.result.cells.entries())
      cells[part.shard.index - 1 + i * shard.of] = cell;
  const given = first.part.result.profile;
  return { ...first.part.result, profile: profileOf(cells, given), cells: sameKernels(cells) };
}

/** The profile of a whole run: that of its first measurement, or what was asked for where nothing was measured. */
export function profileOf(cells: readonly CellResult[], given: string): string {
  return cells.find((cell) => cell.measurements.length > 0)?.measurements[0]?.profile ?? given;
}

function nameOf({ index, of }: Shard): string {
  return `${index}/${of}`;
}

function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex');
}
