import type { YamlNode } from '../../input/index.ts';
import type { ElfFile, Program, Segment, Step } from '../model/program.ts';
import { PROT_WRITE } from '../model/uapi.ts';

/** Pages of a new stack below the strings, and of the vdso. */
const STACK_BELOW = 32;
const VDSO = 2;

/**
 * Refuses a program that could not run to its `main`: segments out of order or inside each other, steps that touch what is not there.
 *
 * @param node  where it was read, for messages
 */
export function checkProgram(program: Program, node: YamlNode): void {
  checkFile(program.file, node);
  if (program.interpreter !== undefined)
    checkFile(program.interpreter, node.require('interpreter'));
  let heap = 0;
  const sealed = new Set<ElfFile>();
  const check = (step: Step, steps: YamlNode | undefined, i: number) => {
    const bad = (what: string): never =>
      (steps?.items()[i] ?? node).fail('bad-program', `this step ${what}`);
    if (step.does === 'brk') {
      heap += step.pages;
      return;
    }
    const file = step.base === 'interpreter' ? program.interpreter : program.file;
    if (file === undefined) return bad('needs an interpreter, which the program does not have');
    if (step.does === 'relro') {
      if (file.relro === undefined) return bad('needs "relro", which says what becomes read-only');
      sealed.add(file);
      return;
    }
    const writes = step.does === 'write';
    for (let page = step.page; page < step.page + step.pages; page++) {
      const there = {
        image: () => isMapped(file, page, writes, sealed.has(file)),
        interpreter: () => isMapped(file, page, writes, sealed.has(file)),
        heap: () => page >= 0 && page < heap,
        stack: () => page >= -STACK_BELOW && page < program.strings,
        vdso: () => !writes && page >= 0 && page < VDSO,
      }[step.base]();
      if (!there) bad(`${step.does}s page ${page} of the ${step.base}, which cannot be`);
    }
  };
  program.start.forEach((step, i) => {
    check(step, node.get('start'), i);
  });
  program.forked.forEach((step, i) => {
    const steps = node.get('forked');
    if (step.does === 'read' || step.does === 'write') check(step, steps, i);
    else steps?.items()[i]?.fail('bad-program', 'after a fork a program only touches pages');
  });
}

function checkFile(file: ElfFile, node: YamlNode): void {
  const { segments, relro } = file;
  const at = (i: number) => node.require('segments').items()[i] ?? node;
  if (segments.length === 0) node.require('segments').fail('bad-program', 'a file needs a segment');
  if (segments[0]?.file === 0)
    at(0).fail('bad-program', 'the first segment needs pages of the file');
  segments.forEach((s, i) => {
    const before = segments[i - 1];
    if (before !== undefined && s.at < before.at + before.pages) {
      at(i).fail(
        'bad-program',
        'segments stand in the order of their addresses, each behind the last',
      );
    }
    const bss = s.pages > s.file || s.clears;
    if (bss && !(s.prot & PROT_WRITE)) at(i).fail('bad-program', 'a segment with bss is writable');
    if (s.clears && s.file === 0)
      at(i).fail('bad-program', 'nothing of the file is there to clear behind');
  });
  if (relro === undefined) return;
  const holds = (s: Segment) =>
    s.at === relro.at && (s.prot & PROT_WRITE) !== 0 && relro.pages <= s.file;
  if (!segments.some(holds)) {
    node
      .require('relro')
      .fail(
        'bad-program',
        'relro is the beginning of a writable segment, within its pages of the file',
      );
  }
}

function isMapped(file: ElfFile, page: number, writes: boolean, sealed: boolean): boolean {
  const segment = file.segments.find((s) => page >= s.at && page < s.at + s.pages);
  if (segment === undefined || segment.prot === 0) return false;
  if (!writes) return true;
  const { relro } = file;
  const readOnly =
    sealed && relro !== undefined && page >= relro.at && page < relro.at + relro.pages;
  return (segment.prot & PROT_WRITE) !== 0 && !readOnly;
}
