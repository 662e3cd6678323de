import { type FileHits, sourceHits } from './hits.ts';
import { kconfigHits } from './kconfig-hits.ts';
import { FileReader, MARKS } from './read-file.ts';

/** Mentions of options in some files of a list: columns of one row each, and what was learned of each file. */
export interface ScannedPart {
  readonly names: readonly string[];
  readonly file: Uint32Array;
  readonly name: Uint32Array;
  readonly offset: Uint32Array;
  readonly kind: Uint8Array;
  /** Number of a file in the list, then its marks. */
  readonly marked: Float64Array;
  readonly skipped: readonly (readonly [file: number, reason: string])[];
}

/** A file of Kconfig's language by its name; documents about it and scripts are not. */
export function isKconfig(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!name.startsWith('Kconfig')) return false;
  return !/\.(?:rst|txt|py|sh|c|h|vim|pl)$/.test(name);
}

/** Mentions of options in one file; undefined where there are none, and for what is no text. */
export function hitsIn(path: string, bytes: Buffer): FileHits | undefined {
  const hits = isKconfig(path) ? kconfigHits(bytes, bytes.length) : sourceHits(bytes, bytes.length);
  return hits && !isBinary(bytes) ? hits : undefined;
}

/** As git tells: a NUL among the first 8,000 bytes. */
export function isBinary(bytes: Buffer): boolean {
  const nul = bytes.indexOf(0);
  return nul >= 0 && nul < 8000;
}

/** Scan the files of a list that `take` gives the numbers of, until it gives -1. */
export function scanFiles(root: string, files: readonly string[], take: () => number): ScannedPart {
  const ids = new Map<string, number>();
  const names: string[] = [];
  const file: number[] = [];
  const name: number[] = [];
  const offset: number[] = [];
  const kind: number[] = [];
  const marked: number[] = [];
  const skipped: [number, string][] = [];
  const reader = new FileReader();
  for (let at = take(); at >= 0; at = take()) {
    const path = files[at] as string;
    const bytes = reader.read(`${root}/${path}`);
    if (typeof bytes === 'string') {
      skipped.push([at, bytes]);
      continue;
    }
    marked.push(at);
    for (let i = 0; i < MARKS; i++) marked.push(reader.marks[i] as number);
    const hits = hitsIn(path, bytes);
    if (!hits) continue;
    for (let i = 0; i < hits.names.length; i++) {
      const text = hits.names[i] as string;
      let id = ids.get(text);
      if (id === undefined) {
        id = names.length;
        names.push(text);
        ids.set(text, id);
      }
      file.push(at);
      name.push(id);
      offset.push(hits.offsets[i] as number);
      kind.push(hits.kinds[i] as number);
    }
  }
  return {
    names,
    file: Uint32Array.from(file),
    name: Uint32Array.from(name),
    offset: Uint32Array.from(offset),
    kind: Uint8Array.from(kind),
    marked: Float64Array.from(marked),
    skipped,
  };
}
