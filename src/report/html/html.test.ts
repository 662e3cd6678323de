import { describe, expect, it } from 'vitest';
import { FAILURES, withFailure } from '../failures.test-util.ts';
import { fixtureResult } from '../fixture.test-util.ts';
import { golden } from '../golden.test-util.ts';
import { buildReport, diffCells, diffMatrices, type Report } from '../index.ts';
import { el } from './html.ts';
import { diffHtml, matrixDiffHtml, reportHtml } from './index.ts';
import { checkNesting, type Tag, tableShapes, tagsOf, VERDICTS } from './page.test-util.ts';

const report = buildReport(fixtureResult(), VERDICTS);
const diff = diffCells(report, 'v7.0:64BIT=y,SMP=y', 'v7.0:64BIT=y,SMP=n');
const failing = buildReport(withFailure(fixtureResult(), 'all-builds-v2', 'mixed', FAILURES.oops));
/** A workload whose name with an ending is that of another: ids made by adding one would meet. */
const alike = ['h', 't', 'd'].map(
  (end): Report => JSON.parse(JSON.stringify(report).replaceAll('"mixed"', `"page_fault1 ${end}"`)),
);
const empty = buildReport({ ...fixtureResult(), cells: [] });

const editionOf = (edition: string) => ({ report, source: 'report.json', edition });
const editions = diffMatrices(editionOf('v7.0'), editionOf('all-builds-v2'));

const PAGES = {
  report: reportHtml(report),
  diff: diffHtml(diff),
  'diff of editions': matrixDiffHtml(editions),
  'diff of a cell with itself': diffHtml(diffCells(report, diff.left.id, diff.left.id)),
  'report with a failure': reportHtml(failing),
  'report without cells': reportHtml(empty),
  ...Object.fromEntries(
    alike.map((own, i) => [`report with names alike (${i + 1})`, reportHtml(own)]),
  ),
};

/** The style sheet and the script are files of their own; their hashes stay in the policy. */
function withoutCode(page: string): string {
  return page.replace(/(<(style|script)>)[\s\S]*?(<\/\2>)/g, '$1$3');
}

describe('golden files', () => {
  it('report as HTML', async () => {
    await expect(withoutCode(PAGES.report)).toMatchFileSnapshot(golden('report.html'));
  });

  it('diff of editions as HTML', async () => {
    const page = withoutCode(PAGES['diff of editions']);
    await expect(page).toMatchFileSnapshot(golden('matrix-diff.html'));
  });

  it('diff as HTML', async () => {
    await expect(withoutCode(PAGES.diff)).toMatchFileSnapshot(golden('diff.html'));
  });
});

describe.each(Object.entries(PAGES))('%s', (_, page) => {
  const tags = tagsOf(page);
  const values = (name: string): string[] =>
    tags.flatMap(({ attributes }) => (name in attributes ? [attributes[name]!] : []));
  const ids = values('id');

  it('nests its elements', () => {
    expect(() => checkNesting(tags)).not.toThrow();
  });

  it('has every id once', () => {
    expect(ids.length).toBeGreaterThan(1);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(ids.filter((id) => !/^[A-Za-z][A-Za-z0-9_.:-]*$/.test(id))).toEqual([]);
  });

  it('has a target for every link and reference', () => {
    const known = new Set(ids);
    const links = values('href');
    expect(links.filter((href) => !known.has(href.slice(1)) || !href.startsWith('#'))).toEqual([]);
    const references = ['aria-labelledby', 'aria-describedby'].flatMap(values);
    expect(references.flatMap((list) => list.split(' ')).filter((id) => !known.has(id))).toEqual(
      [],
    );
  });

  it('has as many cells in every row of a table', () => {
    for (const rows of tableShapes(tags)) expect(new Set(rows).size, String(rows)).toBe(1);
  });

  it('loads nothing', () => {
    expect(tags.filter(loads)).toEqual([]);
    expect(page.match(/url\(|@import|https?:|fetch\(|import\(/g) ?? []).toEqual([]);
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-');
  });

  it('names its tables and pictures', () => {
    const open = (name: string): number =>
      tags.filter((tag) => tag.name === name && !tag.close).length;
    expect(open('caption')).toBe(open('table'));
    expect(open('desc')).toBe(tags.filter(({ attributes }) => attributes.role === 'img').length);
  });
});

function loads({ name, attributes }: Tag): boolean {
  return (
    ['link', 'img', 'iframe', 'object', 'embed', 'base'].includes(name) ||
    ['src', 'srcset', 'style', 'data', 'action'].some((key) => key in attributes)
  );
}

describe('the HTML report', () => {
  it('is the same for the same report', () => {
    expect(reportHtml(buildReport(fixtureResult(), VERDICTS))).toBe(PAGES.report);
  });

  it('says of a stub what it does, where it is real, and why the lock is off', () => {
    const cell = tagsOf(PAGES.report).find(
      ({ attributes }) => attributes.id === 'at-lock_vma_under_rcu-v7.0-64BIT-y-SMP-n',
    );
    const ids = cell?.attributes['aria-describedby']?.split(' ') ?? [];
    const tip = ids
      .map((id) => new RegExp(`<p id="${id}">([\\s\\S]*?)</p>`).exec(PAGES.report)?.[1])
      .join('\n');
    expect(tip).toContain('stub: returns NULL');
    expect(tip).toContain('real in v7.0 with 64BIT=y,SMP=y');
    expect(tip).toContain('and SMP is n (kconfig/v7.0/mm/Kconfig:13)');
  });

  it('keeps every sentence of the summary', () => {
    for (const sentence of report.summary) {
      expect(PAGES.report).toContain(el('i', {}, sentence).markup.slice(3, -4));
    }
  });

  it('shows the steps of a trace in the columns of their threads', () => {
    const row = /<tr><th scope="row"[^>]*>2[\s\S]*?<\/tr>/.exec(
      PAGES.report.slice(PAGES.report.indexOf('id="trace-')),
    )?.[0];
    expect(row).toContain('from here on for ever');
    expect(row).toMatch(/<td><\/td><td><code>down_write\.try_cmpxchg<\/code><\/td>/);
    expect(row).toContain('mm#0.mmap_lock.count 0 -&#62; 0x1001');
  });
});
