/** A verdict and its trace for people who read kernel code. */
import { inert } from '../input/index.ts';
import { PROPERTIES, type Trace, type TraceStep, type Verdict } from '../kernel/index.ts';
import type { ReportVerdict } from './model.ts';
import { shownSteps } from './trace-steps.ts';
import { reportVerdict } from './verdict-json.ts';
import { count, grouped } from './words.ts';

/** The whole answer: what was asked, the verdict, what it rests on, and the schedule that shows it. */
export function verdictText(v: Verdict): string {
  const { question: q } = v;
  const lines = [
    `${v.edition}, ${q.lookup}: ${questionText(reportVerdict(v))}`,
    '',
    `${v.verdict.toUpperCase()}: ${v.what}`,
    `property   ${v.property}: ${PROPERTIES[v.property]}`,
    `explored   ${count(v.states, 'state')}, ${count(v.transitions, 'transition')}, depth ${grouped(v.depth)}, ${v.seconds.toFixed(2)} s`,
    ...v.assumptions.map((a, i) => `${i === 0 ? 'assumed   ' : '          '} ${a}`),
    ...(v.loops.length > 0 ? ['', 'passes of each loop in one lookup, at most:'] : []),
    ...v.loops.map(
      ({ routine, from, to, bound }) =>
        `  ${(bound === null ? 'unbounded' : grouped(bound)).padStart(9)}  ${routine}: ${from} -> ${to}`,
    ),
    ...(v.trace === null ? [] : ['', ...traceLines(v.trace)]),
  ];
  return `${lines.map((line) => line.split('\n').map(inert).join('\n')).join('\n')}\n`;
}

/** What was asked, the answer, and the schedule that shows it. */
export function verdictTraceText(v: ReportVerdict): string {
  const lines = [
    `${v.edition}, ${v.question.lookup}: ${questionText(v)}`,
    `${v.verdict.toUpperCase()}: ${v.what}`,
    ...(v.trace === null ? [] : ['', ...traceLines(v.trace)]),
  ];
  return `${lines.map((line) => line.split('\n').map(inert).join('\n')).join('\n')}\n`;
}

/** Who does what in a question, in half a sentence. */
export function questionText({
  question: q,
  fairness,
  property,
}: Pick<ReportVerdict, 'question' | 'fairness' | 'property'>): string {
  const ops = q.ops === 'forever' ? 'operations without end' : count(q.ops, 'operation');
  const asks = property === 'killable' ? 'that never lets go' : `with ${ops} each (${q.write})`;
  const parts = [
    `${count(q.readers, 'reader')}, ${count(q.writers, 'writer')} ${asks}, ${count(q.vmas, 'VMA')}`,
    ...(q.lookups > 1 ? [`${q.lookups} lookups each`] : []),
    ...(q.holding === 'nothing'
      ? []
      : [`the reader holds ${q.holding === 'vma' ? 'a VMA' : 'mmap_lock'} before`]),
    ...(property === 'progress' ? [`fairness: ${fairness}`] : []),
    ...(q.mutate === undefined ? [] : [`mutant ${q.mutate}`]),
  ];
  return parts.join(', ');
}

/** Where a thread is: routine and label. */
export function placeOf({ routine, label }: TraceStep): string {
  return `${routine}.${label}`;
}

/** Steps on shared words, each in the column of its thread; what lies between is done by the thread alone. */
function traceLines(trace: Trace): string[] {
  const shown = shownSteps(trace);
  const widths = trace.threads.map((name, t) =>
    Math.max(
      name.length,
      ...shown.map(({ step }) => (step.thread === t ? placeOf(step).length : 0)),
    ),
  );
  const locks = Math.max(5, ...shown.map(({ step }) => step.locks.length));
  const row = (mark: string, cells: readonly string[], lock: string, words: string) =>
    `${mark.padStart(5)}  ${cells.map((c, t) => c.padEnd(widths[t] ?? 0)).join('  ')}  ${lock.padEnd(locks)}  ${words}`.trimEnd();
  return [
    row('step', trace.threads, 'locks', 'words'),
    ...shown.flatMap(({ step, at }) => {
      const cells = trace.threads.map((_, t) => (t === step.thread ? placeOf(step) : ''));
      const line = row(String(at + 1), cells, step.locks, step.accesses.map(accessText).join(', '));
      return at === trace.cycleFrom
        ? ['', `${' '.repeat(7)}and from here on for ever:`, line]
        : [line];
    }),
    '',
    `${' '.repeat(7)}${trace.what}`,
  ];
}

/** A word a step read or wrote, with its value. */
export function accessText({ word, wrote, before, after }: TraceStep['accesses'][number]): string {
  if (wrote && before !== after) return `${word} ${valueText(before)} -> ${valueText(after)}`;
  return `${word} = ${valueText(after)}`;
}

/** Large numbers are flags or addresses: they read better in hexadecimal. */
function valueText(value: number): string {
  return value >= 4096 ? `0x${value.toString(16)}` : String(value);
}
