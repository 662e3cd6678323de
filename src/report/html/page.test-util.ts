import type { VerificationGroup } from '../model.ts';

/** A tag of a page as written. */
export interface Tag {
  readonly name: string;
  readonly close: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

const VOID = new Set(['br', 'col', 'input', 'link', 'meta', 'wbr']);

/**
 * The tags of a page in order, read as a browser does where text is escaped as it should be: `<` always
 * starts a tag. The content of style and script is left out.
 */
export function tagsOf(page: string): Tag[] {
  const text = page
    .replace(/^<!doctype html>\n/, '')
    .replace(/(<(style|script)>)[\s\S]*?(<\/\2>)/g, '$1$3');
  const tags: Tag[] = [];
  for (const [whole, close, name, rest] of text.matchAll(/<(\/?)([^\s>/]*)([^>]*)>?/g)) {
    if (!/^[a-z][a-z0-9]*$/.test(name!)) throw new Error(`not a tag of ours: ${whole}`);
    const attributes: Record<string, string> = {};
    const left = rest!.replace(
      / ([A-Za-z][A-Za-z0-9-]*)(?:="([^"]*)")?/g,
      (_, key: string, value = '') => {
        attributes[key] = value;
        return '';
      },
    );
    if (left !== '') throw new Error(`not attributes of ours: ${whole}`);
    tags.push({ name: name!, close: close === '/', attributes });
  }
  return tags;
}

/** Names of elements and attributes, and nothing of any text; where a name may be broken is one of its letters. */
export function skeleton(page: string): string {
  return tagsOf(page)
    .filter(({ name }) => name !== 'wbr')
    .map(
      ({ name, close, attributes }) =>
        `${close ? '/' : ''}${name} ${Object.keys(attributes).join(' ')}`,
    )
    .join('\n');
}

/** Throws where elements do not nest. */
export function checkNesting(tags: readonly Tag[]): void {
  const open: string[] = [];
  for (const { name, close } of tags) {
    if (close) {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}>`);
    } else if (!VOID.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(' ')}`);
}

/** The number of cells of each row of each table, counting what spans columns and rows. */
export function tableShapes(tags: readonly Tag[]): number[][] {
  const shapes: number[][] = [];
  let below = 0;
  for (const { name, close, attributes } of tags) {
    if (close) continue;
    if (name === 'table') shapes.push([]);
    const rows = shapes.at(-1);
    if (name === 'tr') {
      rows!.push(below);
      below = 0;
    }
    if (name === 'th' || name === 'td') {
      rows![rows!.length - 1]! += Number(attributes.colspan ?? 1);
      if (attributes.rowspan === '2') below++;
    }
  }
  return shapes;
}

const question = {
  lookup: 'classic',
  property: 'progress',
  fairness: 'weak',
  queue: 'handoff',
  readers: 1,
  writers: 1,
  vmas: 1,
  lookups: 1,
  write: 'modify',
  holding: 'nothing',
  spin: false,
  reduce: true,
  ops: 'forever',
} as const;

const shared = { fairness: 'weak', states: 1234, transitions: 2345, depth: 12 } as const;

/** Verdicts made by hand for tests: one that holds, one with a schedule that goes round, a mutant. */
export const VERDICTS: readonly VerificationGroup[] = [
  {
    title: 'Does a lookup return?',
    verdicts: [
      {
        ...shared,
        edition: 'v7.0',
        question,
        verdict: 'violated',
        property: 'progress',
        what: 'reader 0 goes round for ever',
        assumptions: ['interleavings are sequentially consistent', 'writers never end'],
        retryBound: 'unbounded',
        loops: [{ routine: 'lock_vma_under_rcu', from: 'retry', to: 'find', bound: null }],
        trace: {
          threads: ['reader 0', 'writer 0'],
          steps: [
            step(0, 'lock_vma_under_rcu', 'find', false),
            step(1, 'down_write', 'try_cmpxchg', true),
            step(0, 'vma_start_read', 'check_mm_lock_seq', true),
          ],
          cycleFrom: 1,
          what: 'reader 0 goes round for ever',
        },
      },
      {
        ...shared,
        edition: 'v7.0',
        question: { ...question, property: 'safety', ops: 2, mutate: 'no-seq-check' },
        verdict: 'holds',
        property: 'safety',
        what: 'nothing is wrong in any schedule',
        assumptions: ['interleavings are sequentially consistent'],
        retryBound: null,
        loops: [],
        trace: null,
      },
    ],
  },
];

function step(thread: number, routine: string, label: string, shared: boolean) {
  return {
    thread,
    name: thread === 0 ? 'reader 0' : 'writer 0',
    routine,
    label,
    accesses: shared
      ? [{ word: 'mm#0.mmap_lock.count', wrote: thread === 1, before: 0, after: 4097 }]
      : [],
    shared,
    locks: 'mmap_lock -, vma -',
  };
}
