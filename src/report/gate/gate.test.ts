import { describe, expect, it } from 'vitest';
import type { MatrixResult } from '../../matrix/index.ts';
import { fixtureResult } from '../fixture.test-util.ts';
import { buildReport, checkSchema, parseReport, reportMarkdown, reportSchema } from '../index.ts';
import type { ReportVerdict, VerificationGroup } from '../model.ts';
import { renderText } from '../render-text.ts';
import { verdictGroup } from '../verdict.test-util.ts';
import { gateDocument } from './document.ts';
import { gate, gateRules, type Regression } from './index.ts';

const ALL = gateRules('surface,fallback,size,outcome,perf:5%,verdict');
const [smp, up] = ['v7.0:64BIT=y,SMP=y', 'v7.0:64BIT=y,SMP=n'];

/** The fixture after somebody lost the lock in the kernel with SMP: the cell is as the one without. */
function lost(): MatrixResult {
  const result = fixtureResult();
  const [first, second, ...others] = result.cells;
  if (!first || !second) throw new Error('the fixture has two cells');
  return { ...result, cells: [{ ...second, spec: first.spec }, second, ...others] };
}

const asked = (answer: Partial<ReportVerdict> = {}): VerificationGroup[] => [verdictGroup(answer)];

const short = ({ rule, subject, where }: Regression): string =>
  `${rule} ${subject} @ ${where.join(' ')}`;

describe('a gate', () => {
  const baseline = buildReport(fixtureResult(), asked());

  it('is open for a report that is its own baseline', () => {
    const again = buildReport(fixtureResult(), asked());
    expect(gate(baseline, again, ALL)).toEqual({
      regressions: [],
      notCompared: [],
      compared: baseline.cells.map(({ id }) => id),
    });
  });

  it('is closed by whatever got worse, and not by what got better', () => {
    const { regressions } = gate(baseline, buildReport(lost()), ALL);
    expect(regressions.map(short)).toEqual([
      `surface lock_vma_under_rcu @ ${smp}`,
      `surface vma_end_read @ ${smp}`,
      `surface vma_start_read_locked @ ${smp}`,
      `surface vma_lock_success @ ${smp}`,
      `surface VMA_LOCK_SUCCESS @ ${smp}`,
      `fallback do_user_addr_fault:lock_vma_under_rcu @ ${smp}`,
      `fallback do_user_addr_fault:lock_vma_under_rcu in page_fault1 @ ${smp}`,
      `fallback do_user_addr_fault:lock_vma_under_rcu in mixed @ ${smp}`,
      `fallback find_tcp_vma:lock_vma_under_rcu @ ${smp}`,
      `perf page_fault1 on 1 CPU @ ${smp}`,
      `perf mixed on 1 CPU @ ${smp}`,
    ]);
    const back = gate(buildReport(lost()), baseline, ALL).regressions;
    expect(back.map(short)).toEqual([`size vm_area_struct @ ${smp}`]);
  });

  it('is not closed by an option that is gone: that is a choice less, no API', () => {
    const result = fixtureResult();
    const cells = result.cells.map((cell) => {
      if (cell.surface === null) return cell;
      const names = cell.surface.names.filter(({ kind }) => kind !== 'option');
      return { ...cell, surface: { ...cell.surface, names } };
    });
    expect(gate(baseline, buildReport({ ...result, cells }), ALL).regressions).toEqual([]);
  });

  it('looks only at what it is told to, and lets a small loss of throughput pass', () => {
    const now = buildReport(lost());
    const rulesOf = (words: string) =>
      gate(baseline, now, gateRules(words)).regressions.map(({ rule }) => rule);
    expect(new Set(rulesOf('surface'))).toEqual(new Set(['surface']));
    expect(rulesOf('perf:4.9%')).toEqual(['perf', 'perf']);
    expect(rulesOf('perf:5.1%')).toEqual([]);
  });

  it('says one thing once, with all the cells it is so in', () => {
    const result = lost();
    const both = result.cells.map((cell) =>
      cell.spec.edition === 'all-builds-v2'
        ? { ...cell, surface: { ...cell.surface!, functions: [] } }
        : cell,
    );
    const now = buildReport({ ...result, cells: both });
    const [one] = gate(baseline, now, gateRules('surface')).regressions.filter(
      ({ subject }) => subject === 'vma_start_read_unlocked',
    );
    expect(one?.where).toEqual(
      baseline.cells.flatMap(({ id, edition }) => (edition === 'all-builds-v2' ? [id] : [])),
    );
  });

  it('is closed by a workload that does not complete and by a cell that is rejected', () => {
    const result = fixtureResult();
    const [first, second, rejected, ...others] = result.cells;
    if (!first || !second || !rejected) throw new Error('the fixture has three cells');
    const hung = first.measurements.map((m, i) =>
      i === 0 ? { ...m, outcome: { kind: 'unsupported' as const, what: 'x', span: null } } : m,
    );
    const cells = [
      { ...first, measurements: hung as unknown as typeof first.measurements },
      { ...rejected, spec: second.spec },
      rejected,
      ...others,
    ];
    const now = buildReport({ ...result, cells });
    const { regressions } = gate(baseline, now, ALL);
    expect(regressions.map(short)).toEqual([
      `surface cell @ ${up}`,
      `outcome page_fault1 @ ${smp}`,
    ]);
    expect(regressions[0]?.after).toBe('rejected: X86_USER_SHADOW_STACK=y');
  });

  it.each<[string, Partial<ReportVerdict>, boolean]>([
    ['a property that is violated now', { verdict: 'violated' }, true],
    ['one that could not be decided', { verdict: 'undecided' }, true],
    ['a higher bound', { retryBound: 3 }, true],
    ['no bound', { retryBound: 'unbounded' }, true],
    ['a lower bound', { retryBound: 1 }, false],
    ['more states', { states: 99 }, false],
  ])('%s', (_, answer, closed) => {
    const now = buildReport(fixtureResult(), asked(answer));
    const { regressions } = gate(baseline, now, gateRules('verdict'));
    expect(regressions.map(({ rule, where }) => [rule, where])).toEqual(
      closed ? [['verdict', ['v7.0']]] : [],
    );
  });

  it('names cells of one report only', () => {
    const result = fixtureResult();
    const now = buildReport({ ...result, cells: result.cells.slice(1) });
    expect(gate(baseline, now, ALL)).toMatchObject({ notCompared: [smp] });
  });

  it('reads in a log', () => {
    const text = renderText(gateDocument(gate(baseline, buildReport(lost()), ALL), 'report.json'), {
      width: 78,
      colour: false,
    });
    expect(text).toMatchInlineSnapshot(`
      "Gate
      ----

      11 things are worse than in report.json (6 cells compared).

        - surface: lock_vma_under_rcu real -> stub: returns NULL; in
          v7.0:64BIT=y,SMP=y
        - surface: vma_end_read real -> stub: empty; in v7.0:64BIT=y,SMP=y
        - surface: vma_start_read_locked real -> absent; in v7.0:64BIT=y,SMP=y
        - surface: vma_lock_success counted -> absent; in v7.0:64BIT=y,SMP=y
        - surface: VMA_LOCK_SUCCESS present -> absent; in v7.0:64BIT=y,SMP=y
        - fallback: do_user_addr_fault:lock_vma_under_rcu sometimes -> always; in
          v7.0:64BIT=y,SMP=y
        - fallback: do_user_addr_fault:lock_vma_under_rcu in page_fault1 6 hits ->
          4,096 hits; in v7.0:64BIT=y,SMP=y
        - fallback: do_user_addr_fault:lock_vma_under_rcu in mixed 6 hits -> 4,096
          hits; in v7.0:64BIT=y,SMP=y
        - fallback: find_tcp_vma:lock_vma_under_rcu sometimes -> always; in
          v7.0:64BIT=y,SMP=y
        - perf: page_fault1 on 1 CPU 1,000,000 ops/s -> 950,000 ops/s, 5.0% less; in
          v7.0:64BIT=y,SMP=y
        - perf: mixed on 1 CPU 600,000 ops/s -> 570,000 ops/s, 5.0% less; in
          v7.0:64BIT=y,SMP=y
      "
    `);
  });
});

describe('rules of a gate', () => {
  it.each([
    ['surfaces', 'no such word "surfaces"', 'did you mean "surface"?'],
    ['perf:5', '--fail-on perf: "5" is no share', 'e.g. perf:5%'],
    ['surface:5%', '--fail-on: surface takes no value', 'write: surface'],
    ['', 'no such word ""', 'there are: '],
  ])('%s is not one', (words, message, hint) => {
    expect(() => gateRules(words)).toThrow(message);
    try {
      gateRules(words);
    } catch (error) {
      expect((error as { diagnostics: { hint: string }[] }).diagnostics[0]?.hint).toContain(hint);
    }
  });
});

describe('verdicts in a report', () => {
  it('keep to the schema, come back as they were, and are a section of it', () => {
    const report = buildReport(fixtureResult(), asked({ retryBound: 'unbounded' }));
    expect(checkSchema(reportSchema, JSON.parse(JSON.stringify(report)))).toBeUndefined();
    expect(parseReport(JSON.stringify(report), 'report.json')).toEqual(report);
    expect(reportMarkdown(report)).toContain('1: modify x forever');
  });
});
