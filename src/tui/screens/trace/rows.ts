import type { Trace } from '../../../kernel/index.ts';
import { accessText, placeOf } from '../../../report/index.ts';
import type { WalkStep } from '../../sessions/trace-walk.ts';
import type { Row } from '../../state/row.ts';
import { type Segment, seg, type Tone } from '../../text/line.ts';
import type { Glyphs } from '../../theme.ts';
import type { Column } from '../../widgets/table.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { stepDetail } from './step-detail.ts';

/** Tones of the threads, in order; the text always tells them apart by its column, too. */
const THREAD_TONES: readonly Tone[] = ['series0', 'series1', 'series2', 'series3'];

/** Tone of a thread. */
export function threadTone(thread: number): Tone {
  return THREAD_TONES[thread % THREAD_TONES.length] as Tone;
}

/** Columns beside those of the threads: cursor, step, mark of a loop, locks, gaps. */
const BESIDE = 37;
/** What is left of a thread's column at least. */
const LEAST = 12;

/** The steps of a trace: a row each, a column for each thread, none at the cost of another, the locks beside. */
export function traceTable(
  trace: Trace,
  walk: readonly WalkStep[],
  glyphs: Glyphs,
  width: number,
): ScreenTable {
  const share = Math.floor((width - BESIDE) / Math.max(1, trace.threads.length)) - 2;
  const max = Math.max(LEAST, share);
  const columns: Column[] = [
    { title: 'step', align: 'right' },
    { title: '' },
    ...trace.threads.map((title) => ({ title, shrink: LEAST, max, cut: 'middle' as const })),
    { title: 'locks', shrink: 22, drop: 1 },
  ];
  const last = walk.length - 1;
  return {
    columns,
    rows: walk.map((walked, i): Row => {
      const { step, at } = walked;
      return {
        key: String(at),
        title: `step ${at + 1}: ${step.name} in ${placeOf(step)}`,
        cells: [
          seg(String(at + 1), 'muted'),
          seg(loopMark(walked, i === last, glyphs), 'warn'),
          ...trace.threads.map((_, t) => threadCell(walked, t)),
          seg(step.locks, step.locks === walk[i - 1]?.step.locks ? 'muted' : 'plain'),
        ],
        search: searchText(step.name, placeOf(step), ...step.accesses.map(accessText), step.locks),
        differs: walked.switched,
        detail: () => stepDetail(trace, walked, i === last, glyphs),
      };
    }),
  };
}

/** What a thread does at a step that may be another's. */
function threadCell({ step, after }: WalkStep, thread: number): Segment {
  if (thread === step.thread) return seg(placeOf(step), threadTone(thread));
  return after?.asleep.includes(thread) ? seg('sleeps', 'muted') : seg('');
}

/** The bracket along the steps that go round for ever. */
function loopMark({ begins, round }: WalkStep, last: boolean, { loop }: Glyphs): string {
  if (begins) return loop.first;
  if (!round) return '';
  return last ? loop.last : loop.middle;
}
