import type { Report } from '../../model.ts';
import { ratioFigure } from '../../ratio-text.ts';
import {
  comparisonSentence,
  editionSentences,
  lockSentences,
  outcomeSentences,
  workloadSentences,
} from '../../summary.ts';
import { count } from '../../words.ts';

/** A question a reader comes with, what the report says to it, and where that is shown. */
export interface Answer {
  readonly question: string;
  readonly sentences: readonly string[];
  /** Titles of the sections with the evidence. */
  readonly sections: readonly string[];
}

/** The report's questions with what its tables answer; questions it has nothing to say to are left out. */
export function answersOf(report: Report): Answer[] {
  const answers: Answer[] = [
    {
      question: 'Where is the per-VMA lock, and why is it not elsewhere?',
      sentences: lockSentences(report),
      sections: ['Cells', 'API surface'],
    },
    {
      question: 'What changes from one edition to the next, and what does it cost in bytes?',
      sentences: editionSentences(report),
      sections: ['API surface', 'Structures', 'Fallback paths'],
    },
    {
      question: 'Who still takes mmap_lock, and how often?',
      sentences: workloadSentences(report),
      sections: ['Fallback paths', 'Counts'],
    },
    {
      question: 'Is it faster or slower?',
      sentences: [
        ...comparisonSentence(report),
        ...editionRatios(report),
        ...outcomeSentences(report),
      ],
      sections: ['Performance'],
    },
    {
      question: 'Can a lookup go wrong, get stuck or try for ever?',
      sentences: verdictSentences(report),
      sections: ['Verification'],
    },
  ];
  return answers.filter(({ sentences }) => sentences.length > 0);
}

/** Sentences of the report's summary that answer none of the questions. */
export function otherSentences(report: Report, answers: readonly Answer[]): string[] {
  const used = new Set(answers.flatMap(({ sentences }) => sentences));
  return report.summary.filter((sentence) => !used.has(sentence));
}

/** How throughput moves from edition to edition, where it moves by more than the spread. */
function editionRatios({ comparisons, kernels }: Report): string[] {
  const editionOf = new Map(kernels.map(({ id, edition }) => [id, edition]));
  const moves = Map.groupBy(
    comparisons.filter(({ axis }) => axis === 'edition'),
    ({ left, right }) => `From ${editionOf.get(left)} to ${editionOf.get(right)}`,
  );
  return [...moves].map(([move, own]) => {
    const parts = (['faster', 'slower'] as const).map((verdict) => {
      const ratios = own.filter((found) => found.verdict === verdict).map(({ ratio }) => ratio);
      if (ratios.length === 0) return `none is ${verdict}`;
      const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)].map(ratioFigure);
      const range = least === greatest ? `x${least}` : `x${least} to x${greatest}`;
      return `${ratios.length} ${ratios.length === 1 ? 'is' : 'are'} ${verdict} (${range})`;
    });
    return `${move}: of ${count(own.length, 'comparison')}, ${parts.join(' and ')}, beyond the spread of the runs.`;
  });
}

function verdictSentences({ verification }: Report): string[] {
  return verification.map(({ title, verdicts }) => {
    const kinds = (['holds', 'violated', 'undecided'] as const)
      .map((kind) => [kind, verdicts.filter(({ verdict }) => verdict === kind).length] as const)
      .filter(([, n]) => n > 0)
      .map(([kind, n]) => `${kind} in ${n}`);
    return `${title} Of ${count(verdicts.length, 'verdict')}: ${kinds.join(', ')}.`;
  });
}
