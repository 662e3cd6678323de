import type { Diff } from '../../../report/index.ts';
import type { Tone } from '../../text/line.ts';
import type { Entry } from './entry.ts';
import type { Comparison } from './table.ts';

type Answer = Diff['verdicts'][number]['left'];

const TONES: Readonly<Record<Answer['verdict'], Tone>> = {
  holds: 'good',
  undecided: 'warn',
  violated: 'bad',
};

/** Questions the model checker answers differently for the two editions. */
export function verdictEntries({ diff, glyphs }: Comparison): Entry[] {
  return diff.verdicts.map(({ question, left, right }) => ({
    key: question,
    name: question,
    left: left.verdict,
    right: right.verdict,
    remark: [retriesText(left), retriesText(right)].filter(Boolean).join(` ${glyphs.arrow} `),
    differs: true,
    tone: TONES[right.verdict],
    detail: () => [
      { label: 'question', text: question, tone: 'strong' },
      { label: 'left', text: answerText(left) },
      { label: 'right', text: answerText(right) },
      {
        label: 'basis',
        text: 'every schedule of the modelled routines under the assumptions of the verification section; of the editions, not of the options',
      },
    ],
  }));
}

function answerText(answer: Answer): string {
  return [answer.verdict, retriesText(answer)].filter(Boolean).join(', ');
}

function retriesText({ retryBound }: Answer): string {
  if (retryBound === null) return '';
  return retryBound === 'unbounded' ? 'retries unbounded' : `at most ${retryBound} retries`;
}
