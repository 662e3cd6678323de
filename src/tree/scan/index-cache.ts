import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { MARKS } from './read-file.ts';
import { type IndexColumns, TreeIndex } from './tree-index.ts';

/** Raised when what is found in a file, or the form of an entry, changes. */
const FORMAT = 1;

/** An index with the marks every file had when it was read; zeros for one that is not to be trusted. */
export interface KeptIndex {
  readonly index: TreeIndex;
  readonly marks: Float64Array;
}

/** Where the index of a tree is kept below a cache folder. */
export function indexFile(folder: string, root: string): string {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 32);
  return join(folder, 'trees', `${key}.index`);
}

/** The index kept in a file; undefined if there is none, or it is not whole, or of another version. */
export function readIndex(file: string): KeptIndex | undefined {
  try {
    const bytes = readFileSync(file);
    const body = bytes.subarray(32);
    if (!createHash('sha256').update(body).digest().equals(bytes.subarray(0, 32))) return undefined;
    const entry = deserialize(body) as Entry;
    if (entry.format !== FORMAT) return undefined;
    const split = (text: string): string[] => (text === '' ? [] : text.split('\0'));
    const columns = { ...entry.columns, files: split(entry.files), names: split(entry.names) };
    if (entry.marks.length !== columns.files.length * MARKS) return undefined;
    return { index: new TreeIndex(columns), marks: entry.marks };
  } catch {
    return undefined;
  }
}

/** Keep an index. What cannot be written (a full disk, a read-only home) costs the cache only. */
export function writeIndex(file: string, { index, marks }: KeptIndex): void {
  const { files, names, ...columns } = index.columns;
  const entry: Entry = {
    format: FORMAT,
    files: files.join('\0'),
    names: names.join('\0'),
    columns,
    marks,
  };
  const body = serialize(entry);
  const sum = createHash('sha256').update(body).digest();
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Not flushed to disk, which takes longer than the scan: the sum tells what is not whole.
    const temp = `${file}.${process.pid}`;
    writeFileSync(temp, Buffer.concat([sum, body]));
    renameSync(temp, file);
  } catch {}
}

interface Entry {
  readonly format: number;
  readonly files: string;
  readonly names: string;
  readonly columns: Omit<IndexColumns, 'files' | 'names'>;
  readonly marks: Float64Array;
}
