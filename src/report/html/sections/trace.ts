import type { Trace } from '../../../kernel/index.ts';
import { shownSteps } from '../../trace-steps.ts';
import { accessText, placeOf } from '../../verdict-text.ts';
import { el, type Html } from '../html.ts';
import { htmlTable } from '../table.ts';

/** A schedule: a row per step on shared words, a column per thread. */
export function traceHtml(trace: Trace, caption: string): Html {
  return htmlTable({
    caption,
    kind: 'plain',
    columns: [
      { title: 'Step', numeric: true },
      ...trace.threads.map((title) => ({ title })),
      { title: 'Locks' },
      { title: 'Words' },
    ],
    rows: shownSteps(trace).map(({ step, at: i }) => ({
      cells: [
        i === trace.cycleFrom
          ? { content: [String(i + 1), el('b', {}, ' from here on for ever')] }
          : String(i + 1),
        ...trace.threads.map((_, t) => (t === step.thread ? el('code', {}, placeOf(step)) : '')),
        el('code', {}, step.locks),
        el('code', {}, step.accesses.map(accessText).join(', ')),
      ],
    })),
  });
}
