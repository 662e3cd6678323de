import { LOOKUPS } from '../../kernel/index.ts';
import type { Report, ReportQuestion, ReportVerdict } from '../model.ts';
import { count, listed } from '../words.ts';

/** Verdicts on kernels as they are: none of a safeguard that was left out for a test. */
export function verdictsOf({ verification }: Pick<Report, 'verification'>): ReportVerdict[] {
  return verification
    .flatMap(({ verdicts }) => verdicts)
    .filter(({ question }) => question.mutate === undefined);
}

/** Lookups that wait for writers: those a report has verdicts on that are neither the fault handler, nor today's two ways. */
export function waitingLookups(verdicts: readonly ReportVerdict[]): string[] {
  const plain = new Set(['classic', 'mmap_lock']);
  return Object.keys(LOOKUPS).filter(
    (name) => !plain.has(name) && verdicts.some(({ question }) => question.lookup === name),
  );
}

/** What is known of one lookup: is it safe, can it be killed, does it deadlock, how often does it go round, does it end. */
export function lookupSentence(lookup: string, verdicts: readonly ReportVerdict[]): string {
  const own = verdicts.filter(({ question }) => question.lookup === lookup);
  const parts = (['safety', 'killable', 'deadlock', 'progress'] as const).flatMap((property) => {
    const asked = own.filter((verdict) => verdict.property === property);
    return asked.length === 0 ? [] : [`${property} ${tally(asked)}`];
  });
  return `${lookup}: ${[...parts, ...boundText(own)].join('; ')}.`;
}

/** `holds in all 4`, `violated in all 4`, `holds in 3 of 6 (violated with vma held, …)`. */
function tally(verdicts: readonly ReportVerdict[]): string {
  const words = ['holds', 'violated', 'undecided'] as const;
  const counted = words
    .map((word) => [word, verdicts.filter(({ verdict }) => verdict === word)] as const)
    .filter(([, own]) => own.length > 0);
  const [only] = counted;
  if (counted.length === 1 && only) {
    return only[1].length === 1 ? only[0] : `${only[0]} in all ${only[1].length}`;
  }
  return counted
    .map(([word, own]) => {
      const where = word === 'holds' ? '' : ` (${[...new Set(own.map(conditionText))].join(', ')})`;
      return `${word} in ${own.length} of ${verdicts.length}${where}`;
    })
    .join(', ');
}

function conditionText({ question: q, property, fairness }: ReportVerdict): string {
  const held = q.holding === 'nothing' ? 'nothing held' : `${q.holding} held`;
  return property === 'progress'
    ? `${q.write} x ${q.ops}, ${fairness} fairness${q.queue === 'handoff' ? '' : ', lock may be stolen'}`
    : `${held}, ${q.write} x ${q.ops}`;
}

function boundText(verdicts: readonly ReportVerdict[]): string[] {
  const asked = verdicts.filter(({ property }) => property === 'retries');
  if (asked.length === 0) return [];
  const finite = asked.filter(({ question }) => question.ops !== 'forever');
  const bounds = finite.flatMap(({ question, retryBound }) =>
    typeof retryBound === 'number' ? [{ ops: Number(question.ops), retryBound }] : [],
  );
  const most = bounds.toSorted((a, b) => b.retryBound - a.retryBound || a.ops - b.ops)[0];
  const endless = asked.find(({ question }) => question.ops === 'forever');
  return [
    ...(most
      ? [`at most ${count(most.retryBound, 'retry', 'retries')} for ${count(most.ops, 'change')}`]
      : []),
    ...(endless
      ? [
          `with endless writers ${endless.retryBound ?? 'not known'}${typeof endless.retryBound === 'number' ? ' at most' : ''}`,
        ]
      : []),
  ];
}

/** The conditions a question has, in words; those on which an answer can hang. */
const CONDITIONS = {
  lookup: 'the lookup',
  holding: 'what the caller holds',
  write: 'what writers do',
  ops: 'how often they do it',
  fairness: 'the fairness',
  queue: 'the queue of mmap_lock',
} as const;

/** Which single condition turns a verdict round: groups of questions that differ in nothing else. */
export function verdictThresholds(verdicts: readonly ReportVerdict[]): string[] {
  const found = new Map<string, Set<string>>();
  for (const key of Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[]) {
    for (const own of Map.groupBy(verdicts, (one) => allButCondition(one, key)).values()) {
      const [holds, violated] = (['holds', 'violated'] as const).map((word) => [
        ...new Set(own.filter(({ verdict }) => verdict === word).map((one) => valueIn(one, key))),
      ]) as [string[], string[]];
      const [first] = own;
      if (!first || holds.length === 0 || violated.length === 0) continue;
      if (holds.some((value) => violated.includes(value))) continue;
      const text = `Verdict, ${first.property}: holds with ${listed(holds)}, violated with ${listed(violated)}, where nothing but ${CONDITIONS[key]} differs`;
      const on = key === 'lookup' ? '' : first.question.lookup;
      found.set(text, (found.get(text) ?? new Set()).add(on));
    }
  }
  return [...found].map(([text, lookups]) => {
    const names = [...lookups].filter((name) => name !== '');
    return names.length === 0 ? `${text}.` : `${text} (${listed(names)}).`;
  });
}

function allButCondition(verdict: ReportVerdict, key: keyof typeof CONDITIONS): string {
  const { [key]: _, ...rest } = {
    ...verdict.question,
    fairness: verdict.fairness,
  } as ReportQuestion;
  return JSON.stringify([verdict.edition, verdict.property, rest]);
}

function valueIn(verdict: ReportVerdict, key: keyof typeof CONDITIONS): string {
  if (key === 'fairness') return `${verdict.fairness} fairness`;
  if (key === 'holding') return `${verdict.question.holding} held`;
  if (key === 'ops')
    return verdict.question.ops === 'forever' ? 'endless writers' : 'writers that end';
  return verdict.question[key];
}
