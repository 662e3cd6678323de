import type { MmState, Trace, TraceState, VmaState } from '../../../kernel/index.ts';
import { accessText } from '../../../report/index.ts';
import type { WalkStep } from '../../sessions/trace-walk.ts';
import type { DetailLine } from '../../state/row.ts';
import type { Glyphs } from '../../theme.ts';

/** vm_refcnt while a writer keeps readers out (VM_REFCNT_EXCLUDE_READERS_FLAG, before that VMA_LOCK_OFFSET; include/linux/mm_types.h). */
const KEEPS_OUT = 0x4000_0000;
/** Pages are of 4 KiB. */
const PAGE_SHIFT = 12;

/** A step, and the locks and VMAs after it; what the step has changed is marked. */
export function stepDetail(
  trace: Trace,
  { step, before, after, begins }: WalkStep,
  last: boolean,
  glyphs: Glyphs,
): DetailLine[] {
  const file = trace.files?.[step.routine];
  return [
    ...(begins
      ? [line('loop', 'from here on for ever: the last step leads back here', 'warn')]
      : []),
    ...(last ? [line('shows', trace.what, 'bad')] : []),
    line(
      'step',
      file
        ? `models ${step.routine} in ${file}, at ${step.label}`
        : `${step.routine}, at ${step.label}`,
    ),
    ...step.accesses.map((access, i) => line(i === 0 ? 'words' : '', accessText(access))),
    ...(after ? stateLines(trace, before, after, glyphs) : [line('locks', step.locks)]),
  ];
}

/** Locks and VMAs of a state, what differs from another state marked. */
function stateLines(
  trace: Trace,
  before: TraceState | null,
  after: TraceState,
  glyphs: Glyphs,
): DetailLine[] {
  const who = (threads: readonly number[]) =>
    threads.map((t) => trace.threads[t] ?? String(t)).join(', ');
  const several = after.mms.length > 1;
  const told = (state: TraceState): [label: string, text: string][] => [
    ...state.mms.flatMap((mm) => mmLines(mm, several, who)),
    ...state.vmas.map((vma): [string, string] => [vma.name, vmaText(vma, who)]),
    ['asleep', state.asleep.length === 0 ? 'nobody' : who(state.asleep)],
  ];
  const old = new Map(before ? told(before) : []);
  return told(after).map(([label, text]) => {
    const changed = before !== null && old.get(label) !== text;
    return line(
      label,
      changed ? `${text}  ${glyphs.changed} changed` : text,
      changed ? 'accent' : undefined,
    );
  });
}

function mmLines(
  { name, mmap_lock, held_by, mm_lock_seq }: MmState,
  several: boolean,
  who: (threads: readonly number[]) => string,
): [string, string][] {
  const of = several ? ` ${name}` : '';
  const holder = held_by.length > 0 ? `, held by ${who(held_by)}` : '';
  return [
    [`mmap_lock${of}`, `${lockWords(mmap_lock)}${holder}`],
    ...(mm_lock_seq === null
      ? []
      : [[`mm_lock_seq${of}`, String(mm_lock_seq)] satisfies [string, string]]),
  ];
}

function vmaText(vma: VmaState, who: (threads: readonly number[]) => string): string {
  const { attached, free, lock, vm_lock_seq, vm_refcnt, held_by } = vma;
  const address = (page: number) => `0x${(page * 2 ** PAGE_SHIFT).toString(16)}`;
  const place = attached
    ? `attached, ${address(attached.pages[0])}-${address(attached.pages[1])}`
    : `not attached${free ? ', free' : ''}`;
  const words = [
    ...(lock === '' ? [] : [`lock ${lockWords(lock)}`]),
    ...(vm_lock_seq === null ? [] : [`vm_lock_seq ${vm_lock_seq}`]),
    ...(vm_refcnt === null ? [] : [`vm_refcnt ${refcount(vm_refcnt)}`]),
  ];
  const holder = held_by.length > 0 ? [`held by ${who(held_by)}`] : [];
  return [place, ...words, ...holder].join('; ');
}

/** A lock's letters in words. */
function lockWords(lock: string): string {
  if (lock === '-') return 'free';
  const readers = /R(\d+)/.exec(lock)?.[1];
  const words = [
    ...(lock.includes('W') ? ['write-locked'] : []),
    ...(readers === undefined ? [] : [`${readers} ${readers === '1' ? 'reader' : 'readers'}`]),
    ...(lock.includes('!') ? ['readers kept out'] : []),
    ...(lock.includes('detached') ? ['detached'] : []),
    ...(lock.includes('+waiters') ? ['with waiters'] : []),
  ];
  return words.length === 0 ? lock : words.join(', ');
}

function refcount(count: number): string {
  return count >= KEEPS_OUT
    ? `${count - KEEPS_OUT} with the flag that keeps readers out`
    : String(count);
}

function line(label: string, text: string, tone?: DetailLine['tone']): DetailLine {
  return { label, text, ...(tone && { tone }) };
}
