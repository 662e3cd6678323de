import { describe, expect, it } from 'vitest';
import type { TortureResult } from '../kernel/index.ts';
import { fixtureResult } from './fixture.test-util.ts';
import { golden } from './golden.test-util.ts';
import { checkNesting, tagsOf } from './html/page.test-util.ts';
import {
  buildReport,
  MAIL,
  reportHtml,
  tortureCsv,
  tortureHtml,
  tortureMarkdown,
  tortureText,
} from './index.ts';
import { tortureFixture } from './torture.test-util.ts';

const results = tortureFixture();

describe('a torture test', () => {
  it('reads the same in every format', async () => {
    await expect(tortureMarkdown(results)).toMatchFileSnapshot(golden('torture.md'));
    await expect(tortureText(results, MAIL)).toMatchFileSnapshot(golden('torture.txt'));
    await expect(tortureCsv(results)).toMatchFileSnapshot(golden('torture.csv'));
    await expect(tortureHtml(results)).toMatchFileSnapshot(golden('torture.html'));
  });

  it('says what it has shown, and no more', () => {
    const [first, hostile] = results as [TortureResult, TortureResult];
    const told = (result: TortureResult) => tortureMarkdown([result]).replace(/\s+/g, ' ');
    expect(told(hostile)).toContain(
      '25.0% of lookups under mmap, 2 writers beside, hostile scheduler had not succeeded in 100 tries',
    );
    const only = { ...first, cell: { ...first.cell, lookup: 'mmap_lock' as const } };
    expect(told(only)).toContain('all of them take mmap_lock, having no other way');
    expect(told({ ...first, slow: { share: 0, bound: 0.01 } })).toContain(
      'none needed the slow path',
    );
  });

  it('names the crash that came after the fewest lookups', () => {
    const [, , , crashed] = tortureFixture();
    const crashAt = (lookups: number): TortureResult => ({
      ...(crashed as TortureResult),
      lookups,
    });
    const told = tortureMarkdown([85, 83, 120].map(crashAt)).replace(/\s+/g, ' ');
    expect(told).toContain('crashes the kernel in 3 cells of 3, first after 83 lookups (mmap).');
  });

  it('shows a loss of less than nothing as it is', () => {
    const [first] = results as [TortureResult];
    const gained = { ...first, writers: { ops_per_second: 1.01e6, alone: 1e6, loss: -0.01 } };
    expect(tortureMarkdown([gained])).toMatch(/-1\.0% \|$/m);
  });

  it('says how clear a loss is, and of one that is not that it is not shown', () => {
    const [first] = results as [TortureResult];
    const told = (from: number) => {
      const writers = { ...first.writers, loss: 0.1, loss_range: { from, to: 0.13 } };
      return tortureMarkdown([{ ...first, writers }]).replace(/\s+/g, ' ');
    };
    expect(told(0.08)).toContain(
      'its writers lost up to 10.0% (8.0% to 13.0%) of their rounds (mmap, 2 writers beside)',
    );
    expect(told(-0.02)).toContain('that its writers lose by it is not shown');
    expect(told(-0.02)).toContain('| 10.0% (-2.0% to 13.0%) |');
  });

  it('bounds the tail by pieces where every cell has some', () => {
    const [first, second] = results as [TortureResult, TortureResult];
    const pieces = { count: 100, lookups: 100_000, beyond_max: 0.0295 };
    const text = tortureMarkdown([{ ...first, pieces }]).replace(/\s+/g, ' ');
    expect(text).toContain(
      'another 100,000 lookups hold one that retries more with a chance below 3.0%, as 100 machines tell',
    );
    expect(tortureMarkdown([{ ...first, pieces }, second])).not.toContain('machines tell');
  });

  it('counts each lookup once in the table of retries', () => {
    const text = tortureMarkdown(results);
    const row = /`wait: mmap x 2 beside, hostile` +\|((?: +[\d,]+ \|)+)$/m.exec(
      text.slice(text.indexOf('the column being')),
    );
    expect(row?.[1]?.match(/[\d,]+/g)?.map(Number)).toEqual([0, 0, 43, 22, 92, 8]);
  });

  it('has a histogram for each cell that retried, one of times for each that looked up, named in words', () => {
    const page = reportHtml(buildReport(fixtureResult(), [], { torture: results }));
    checkNesting(tagsOf(page));
    const described = (title: string) =>
      [...page.matchAll(/<title id="([^"]*)">([^<]*)<\/title>\n<desc id="[^"]*">([^<]*)</g)]
        .filter(([, , name]) => name?.startsWith(title))
        .map(([, , name, desc]) => `${name}: ${desc}`);
    expect(described('Retries of one lookup,')).toEqual([
      'Retries of one lookup, wait: mmap x 2 beside: 0: 890; 1: 100; 3: 10',
      expect.stringContaining('12: 12; 13: 13; 14: 14; 15: 15; 16 to 17: 1; 18 to 19: 1;'),
    ]);
    expect(described('Time of one lookup,')).toHaveLength(3);
    expect(page).toContain('No lookup was tried again in unlocked: mmap x 2 beside.');
  });
});
