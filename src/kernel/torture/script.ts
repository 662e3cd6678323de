/** Victim and adversaries of a torture cell, as a workload. */
import { readWorkload, type Workload } from '../workloads/index.ts';
import type { Adversary } from './cell.ts';

/** What each adversary does in one round, to a mapping of 16 pages that the victim looks up. */
const ROUNDS: Readonly<Record<Adversary, string>> = {
  // Maps a page right behind it, which widens it, and takes that away again.
  mmap: `
      - op:
          - mmap: { pages: 1, at: area+16, flags: [private, anonymous, fixed], as: more }
          - munmap: { at: more, pages: 1 }`,
  mprotect: `
      - op:
          - mprotect: { at: area, pages: 16, prot: r }
          - mprotect: { at: area, pages: 16, prot: rw }`,
  fixed: `
      - op:
          - mmap: { pages: 16, at: area, flags: [private, anonymous, fixed] }`,
  fork: `
      - op:
          - fork: { child: [], as: pid }
          - wait: { for: pid }`,
  brk: `
      - op:
          - brk: { by: 1 }
          - brk: { by: -1 }`,
  // Sleeps with the lock, as one that waits for memory.
  sleep: `
      - op:
          - vma_write_sleep: { at: area, ns: 20000 }`,
};

/** The heap is what brk changes: there the victim looks. */
const AREA: Readonly<Partial<Record<Adversary, string>>> = {
  brk: '- brk: { by: 16, as: area }',
};

/** User code of a random length, so that victim and adversaries do not fall into step. */
function pauses(indent: string): string {
  const choices = [1, 20, 60, 150, 400].map(
    (loops) => `{ weight: 1, do: [{ think: { loops: ${loops} } }] }`,
  );
  return `${indent}- choose: [${choices.join(', ')}]`;
}

/** The victim is thread 0. Without `lookups` it only sleeps, so that the adversaries can be seen undisturbed. */
export function tortureWorkload(
  adversary: Adversary,
  writers: number,
  lookups: number | undefined,
): Workload {
  const victim =
    lookups === undefined
      ? '- op: [{ sleep: { ms: 2 } }]'
      : `- repeat: ${lookups}
        do:
          - op: [{ vma_lookup: { at: area+3 } }]
${pauses('          ')}`;
  const pause = pauses('      ');
  const text = `name: torture
description: one thread looks a VMA up while others change it
unit: lookup
setup:
  ${AREA[adversary] ?? '- mmap: { pages: 16, as: area }'}
  - write: { at: area, pages: 16 }
threads:
  - name: victim
    run:
      ${victim}
  - name: writer
    count: ${writers}
    background: true
    run:${ROUNDS[adversary]}
${pause}
`;
  return readWorkload(text, 'torture.yaml');
}
