import { inputError, readText } from '../input/index.ts';
import {
  GATE_WORDS,
  type GateResult,
  type GateRules,
  gate,
  gateRules,
  gateText,
  parseReport,
  type Report,
} from '../report/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { writeRemark } from './output.ts';
import { userPath } from './paths.ts';

/** What closes a gate where nothing is said. */
export const DEFAULT_RULES = 'surface,fallback,size,outcome,perf:5%,verdict';

/** `--fail-on` with what its words mean. */
export function failOnOption(): { readonly 'fail-on': OptionSpec } {
  return {
    'fail-on': {
      type: 'string',
      value: 'WORDS',
      description: `What counts as worse. Default: ${DEFAULT_RULES}. ${meanings()}`,
    },
  };
}

/** Options of a command that can be a gate. */
export const gateOptions = {
  baseline: {
    type: 'string',
    value: 'FILE',
    description: 'Compare with this report of an earlier run, exported with --format json.',
  },
  ...failOnOption(),
} as const satisfies Record<string, OptionSpec>;

function meanings(): string {
  const texts = Object.entries(GATE_WORDS).map(([word, meaning]) => `${word}: ${meaning}`);
  return `${texts.join('; ')}.`;
}

/** A baseline, and what is not to be worse than in it. */
export interface Gate {
  readonly file: string;
  readonly baseline: Report;
  readonly rules: GateRules;
}

/**
 * The gate a command line asks for: read before anything runs, for a mistake in it should not come out after. `verdicts` says
 * whether the report will have any.
 */
export function gateOf({ args, io }: Context, verdicts: boolean): Gate | undefined {
  const file = args.text('baseline');
  const words = args.text('fail-on');
  if (file === undefined) {
    if (words === undefined) return undefined;
    throw inputError(
      'usage',
      '--fail-on needs --baseline FILE to compare with',
      undefined,
      'make one: kmatrix run --format json --out report.json',
    );
  }
  const rules = gateRules(words ?? DEFAULT_RULES);
  const baseline = parseReport(readText(userPath(file, io), 'report'), file);
  if (words !== undefined && rules.words.has('verdict')) needVerdicts(baseline, file, verdicts);
  return { file, baseline, rules };
}

/** A gate that is asked to watch verdicts where there are none would be open whatever happens. */
function needVerdicts(baseline: Report, file: string, verdicts: boolean): void {
  if (!verdicts)
    throw inputError(
      'usage',
      '--fail-on verdict needs verdicts in the report',
      undefined,
      'make it with --verify',
    );
  if (baseline.verification.length === 0)
    throw inputError(
      'usage',
      `--fail-on verdict: ${file} holds no verdicts`,
      undefined,
      'make it with: kmatrix run --verify --format json --out report.json',
    );
}

/** What of a report is worse than in its baseline; it is said on standard error. */
export function gateResult(
  { file, baseline, rules }: Gate,
  report: Report,
  { io }: Context,
): GateResult {
  const result = gate(baseline, report, rules);
  const text = gateText(result, file, { width: io.stderr.columns ?? 100, colour: false });
  writeRemark(io, text.trimEnd());
  return result;
}
