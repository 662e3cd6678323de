import type { FuzzCase } from '../testing/fuzz/case.ts';
import { differing, type FuzzRunner, type Result } from './fuzz-run.ts';

interface Row {
  runs: number;
  lines: number;
  differences: string[];
}

/** Counts comparisons by subject and kind, and prints them as a table. */
export class Tally {
  readonly #rows = new Map<string, Map<string, Row>>();
  readonly #view: (result: Result) => Result;

  /** `view` says what of a run is compared. Default: everything. */
  constructor(view: (result: Result) => Result = (result) => result) {
    this.#view = view;
  }

  /** Run cases through both engines and count what differs. Gives what C `conf` left behind, and `kconf`. */
  async compare(
    runner: FuzzRunner,
    subject: string,
    kind: string,
    cases: readonly FuzzCase[],
  ): Promise<{ c: Result; js: Result }[]> {
    const outcomes = await runner.compare(cases);
    const row = this.#row(subject, kind);
    for (const [i, outcome] of outcomes.entries()) {
      const fuzzCase = cases[i] as FuzzCase;
      row.runs++;
      const seen = { c: this.#view(outcome.c), js: this.#view(outcome.js) };
      for (const text of Object.values(seen.c)) row.lines += text.split('\n').length - 1;
      const what = differing(seen);
      if (what.length > 0) row.differences.push(describe(fuzzCase, what, seen));
    }
    return outcomes;
  }

  /** Descriptions of all differences of a subject. */
  differences(subject: string): string[] {
    return [...(this.#rows.get(subject)?.values() ?? [])].flatMap((row) => row.differences);
  }

  table(): string {
    const out = [
      '| subject | what | runs | lines compared | differences |',
      '|---|---|--:|--:|--:|',
    ];
    let [runs, lines, differences] = [0, 0, 0];
    for (const [subject, rows] of this.#rows) {
      for (const [kind, row] of rows) {
        out.push(
          `| ${subject} | ${kind} | ${row.runs} | ${row.lines} | ${row.differences.length} |`,
        );
        runs += row.runs;
        lines += row.lines;
        differences += row.differences.length;
      }
    }
    return [...out, `| all | | ${runs} | ${lines} | ${differences} |`].join('\n');
  }

  #row(subject: string, kind: string): Row {
    const rows = this.#rows.get(subject) ?? new Map<string, Row>();
    this.#rows.set(subject, rows);
    const row = rows.get(kind) ?? { runs: 0, lines: 0, differences: [] };
    rows.set(kind, row);
    return row;
  }
}

/** A few lines about a case: how it was run, and the first line that differs in each file. */
function describe(
  { args, env, later }: FuzzCase,
  what: string[],
  { c, js }: { c: Result; js: Result },
): string {
  const steps = [args, ...(later ?? []).map((step) => step.args)].map((step) => step.join(' '));
  const out = [`${steps.join(', ')} ${JSON.stringify(env)}`];
  for (const name of what.slice(0, 4)) {
    const left = c[name]?.split('\n');
    const right = js[name]?.split('\n');
    const at = left?.findIndex((line, i) => line !== right?.[i]) ?? 0;
    out.push(
      `  ${name}:${Math.max(at, 0) + 1}`,
      `    C:     ${left?.[at]}`,
      `    kconf: ${right?.[at]}`,
    );
  }
  if (what.length > 4) out.push(`  and ${what.length - 4} more files`);
  return out.join('\n');
}
