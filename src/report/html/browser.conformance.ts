import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { FAILURES, withFailure } from '../failures.test-util.ts';
import { fixtureResult } from '../fixture.test-util.ts';
import {
  buildReport,
  compatHtml,
  compatOf,
  diffCells,
  diffMatrices,
  tortureHtml,
} from '../index.ts';
import { tortureFixture } from '../torture.test-util.ts';
import { domOf, findChromium, inChromium, type View } from './chromium.test-util.ts';
import { diffHtml, matrixDiffHtml, reportHtml } from './index.ts';
import { VERDICTS } from './page.test-util.ts';

const chromium = findChromium();
if (chromium === undefined) console.log('no Chromium on this machine: the pages are not opened');

const report = buildReport(
  withFailure(fixtureResult(), 'all-builds-v2', 'mixed', FAILURES.oops),
  VERDICTS,
  { torture: tortureFixture() },
);
const editionOf = (edition: string) => ({ report, source: 'report.json', edition });
const PAGES = {
  report: reportHtml(report),
  compat: compatHtml(
    compatOf(report, { apis: ['lock_vma_under_rcu', 'vma_end_read'], callers: ['find_tcp_vma'] }),
  ),
  torture: tortureHtml(tortureFixture()),
  diff: diffHtml(diffCells(report, 'v7.0:64BIT=y,SMP=y', 'v7.0:64BIT=y,SMP=n')),
  'diff of editions': matrixDiffHtml(diffMatrices(editionOf('v7.0'), editionOf('all-builds-v2'))),
};
const VIEWS: View[] = (['light', 'dark'] as const).flatMap((scheme) =>
  [1280, 768, 390].map((width) => ({ scheme, width })),
);
const PHONE: View = { scheme: 'light', width: 390 };

/** axe over everything, folded parts as well; gives the violations, and how much passed. */
const AXE = `
for (const folded of document.querySelectorAll('details')) folded.open = true;
const { violations, passes } = await axe.run(document);
return {
  width: innerWidth,
  dark: matchMedia('(prefers-color-scheme:dark)').matches,
  passes: passes.length,
  violations: violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + node.failureSummary),
  })),
};`;

describe.skipIf(chromium === undefined)('in Chromium', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  for (const [name, page] of Object.entries(PAGES)) {
    it.each(VIEWS)(`axe finds nothing in the ${name}: $scheme, $width pixels`, async (view) => {
      const found = await inChromium(chromium!, page, `${axe};${AXE}`, view);
      expect(found).toMatchObject({
        width: view.width,
        dark: view.scheme === 'dark',
        violations: [],
      });
      expect((found as { passes: number }).passes).toBeGreaterThan(20);
    });
  }

  it('runs its script under its own policy, and lets no other run', async () => {
    const stranger = PAGES.report.replace(
      '</body>',
      () => '<script>document.title="x"</script></body>',
    );
    const dom = await domOf(chromium!, stranger, PHONE);
    expect(dom).toContain('id="search"');
    expect(dom).toContain('<title>kmatrix report: per-vma-lock</title>');
  });

  it('is no wider than a phone', async () => {
    const wide =
      'const { scrollWidth, clientWidth } = document.documentElement; return [innerWidth, scrollWidth - clientWidth];';
    for (const page of Object.values(PAGES)) {
      expect(await inChromium(chromium!, page, wide, PHONE)).toEqual([390, 0]);
    }
  });

  it('searches, sorts, and says what is behind a cell to the keyboard', async () => {
    const found = await inChromium(chromium!, PAGES.report, DRIVE, PHONE);
    expect(found).toEqual({
      rows: ['find_tcp_vma:lock_vma_under_rcu'],
      status: expect.stringContaining('in Fallback paths'),
      sorted: ['vma_start_read_unlocked', 'lock_vma_under_rcu'],
      sort: 'descending',
      tip: expect.stringContaining('stub: returns NULL'),
      focus: 'at-lock_vma_under_rcu-v7.0-64BIT-y-SMP-n',
      hidden: true,
      theme: 'dark',
    });
  });
});

/** What a reader does: searches, sorts twice, walks to a cell, puts its text away, changes the colours. */
const DRIVE = `
const search = document.getElementById('search');
const sites = [...document.querySelectorAll('tr[id^=site-]')];
search.value = 'find_tcp';
search.dispatchEvent(new Event('input'));
const rows = sites.filter((row) => !row.hidden).map((row) => row.cells[0].textContent);
const status = document.getElementById('found').textContent;
search.value = '';
search.dispatchEvent(new Event('input'));
const table = document.querySelector('tr[id^=api-]').closest('table');
const head = table.querySelector('th button');
head.click();
head.click();
const names = [...table.tBodies[0].rows].map((row) => row.cells[0].textContent);
const sort = head.closest('th').getAttribute('aria-sort');
head.click();
const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
table.querySelector('td[tabindex="0"]').focus();
press('ArrowRight');
const tip = document.getElementById('tip');
const text = tip.textContent;
const focus = document.activeElement.id;
press('Escape');
[...document.querySelectorAll('#tools button')].at(-1).click();
return {
  rows, status, sort, focus,
  sorted: [names[0], names.at(-1)],
  tip: text,
  hidden: tip.hidden,
  theme: document.documentElement.dataset.theme,
};`;
