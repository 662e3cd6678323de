import { answerText } from '../diff/answer-text.ts';
import { wholeQuestion } from '../diff/verdicts.ts';
import { failureSentence } from '../failure-document.ts';
import type { Report, ReportCell, ReportVerdict } from '../model.ts';

/** What a run can find, and what it means. */
export const RUN_RULES = {
  rejected: {
    text: 'A cell asks for an option that Kconfig does not give.',
    help: 'Change what the cell asks for, or take it out of the matrix; "kmatrix why OPTION --want VALUE" says what would give it.',
  },
  fallback: {
    text: 'A caller takes mmap_lock every time, for what it tries first is a stub or absent.',
    help: '"kmatrix diff" with a cell that has it, or "kmatrix why PER_VMA_LOCK --want y", says what it takes.',
  },
  outcome: {
    text: 'A workload did not complete.',
    help: 'The modelled kernel crashed, hung, or refused an operation; "kmatrix simulate WORKLOAD" shows the whole of it.',
  },
  verdict: {
    text: 'The model checker found a schedule that breaks a property, or could not decide.',
    help: '"kmatrix verify" with the same question shows the schedule, step by step.',
  },
} as const;

/** A rule of what a run can find. */
export type RunRule = keyof typeof RUN_RULES;

/** A question that a report answers of a cell or an edition, and what is wrong with the answer. */
export interface Checked {
  /** What was looked at: a workload, a fallback site, a question. */
  readonly subject: string;
  /** Why it could not be looked at. */
  readonly skipped?: string;
  readonly findings: readonly Finding[];
}

/** Something a run found. */
export interface Finding {
  readonly rule: RunRule;
  /** `note`: so it is in this configuration; whether that is worse than it was, a gate with a baseline says. */
  readonly level: 'error' | 'warning' | 'note';
  readonly text: string;
  /** Where it was asked for, if that is no more than the cell: an option, or a place in a workload file. */
  readonly option?: string;
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
  /** A function of the kernel it is about. */
  readonly function?: string;
}

/** What was looked at in a cell. Cells that are one kernel have the same answers. */
export function checkedInCell(report: Report, cell: ReportCell): Checked[] {
  if (cell.kernel === null) return [rejected(cell)];
  return [
    { subject: 'options', findings: [] },
    ...workloads(report, cell.kernel),
    ...fallbacks(report, cell.kernel),
  ];
}

function rejected(cell: ReportCell): Checked {
  const findings = cell.refusals.map(
    ({ symbol, wanted, reason }): Finding => ({
      rule: 'rejected',
      level: 'warning',
      text: `${symbol}=${wanted} does not take effect: ${reason}`,
      option: symbol,
    }),
  );
  return { subject: 'options', skipped: findings.map(({ text }) => text).join('; '), findings };
}

function workloads(report: Report, kernel: string): Checked[] {
  const completed = report.workloads.filter((row) => row.kernel === kernel);
  const failed = report.outcomes.filter((row) => row.kernel === kernel);
  return [
    ...completed.map(({ workload }) => ({ subject: workload, findings: [] })),
    ...failed.map(({ workload, outcome }): Checked => {
      const place =
        outcome.kind === 'refused' || outcome.kind === 'unsupported'
          ? { place: { file: outcome.file, line: outcome.line, column: outcome.column } }
          : {};
      const text = `${workload}: ${failureSentence(outcome)}`;
      return {
        subject: workload,
        findings: [{ rule: 'outcome', level: 'error', text, ...place }],
      };
    }),
  ];
}

/** That a site never tries the lock is how the kernel is; that what it tries is not there is this configuration's doing. */
function fallbacks(report: Report, kernel: string): Checked[] {
  const functions = new Map(report.surface.functions.map((row) => [row.name, row.kernels]));
  return report.fallbacks.flatMap(({ site, kernels }): Checked[] => {
    const entry = kernels[kernel];
    if (!entry) return [];
    const tried = functions.get(entry.tries)?.[kernel];
    if (entry.taken !== 'always' || !tried || tried.state === 'real')
      return [{ subject: site, findings: [] }];
    const text = `${entry.caller} always takes mmap_lock, for ${entry.tries} is ${tried.state === 'stub' ? 'a stub' : 'absent'} (${site})`;
    const finding = { rule: 'fallback', level: 'note', text, function: entry.caller } as const;
    return [{ subject: site, findings: [finding] }];
  });
}

/** What the model checker was asked. A mutant is a safeguard taken out on trial: that it is caught is as it should be. */
export function checkedVerdicts(
  report: Report,
): { readonly title: string; readonly checked: Checked[] }[] {
  return report.verification.map(({ title, verdicts }) => ({
    title,
    checked: verdicts.map((verdict) => ({
      subject: `${verdict.edition}: ${wholeQuestion(verdict)}`,
      ...(verdict.verdict === 'undecided' && { skipped: answerText(verdict) }),
      findings: verdictFindings(verdict),
    })),
  }));
}

function verdictFindings(verdict: ReportVerdict): Finding[] {
  if (verdict.verdict === 'holds' || verdict.question.mutate !== undefined) return [];
  return [
    {
      rule: 'verdict',
      level: verdict.verdict === 'violated' ? 'error' : 'warning',
      text: `${verdict.edition}: ${wholeQuestion(verdict)}: ${answerText(verdict)}. ${verdict.what}`,
    },
  ];
}
