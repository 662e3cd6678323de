import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packagePath } from '../input/index.ts';
import {
  compatOf,
  compatText,
  diffMatrices,
  MAIL,
  matrixDiffText,
  parseReport,
  type Report,
  reportText,
} from './index.ts';

const folder = packagePath('reports');
const names = readdirSync(folder).filter((name) => /^(per-vma-lock|all-builds)\.json$/.test(name));

it('finds the reports that ship', () => expect(names).toHaveLength(2));

it.each(names)('the mail of %s has no line over 78 columns', (name) => {
  const report = parseReport(readFileSync(join(folder, name), 'utf8'), name);
  const [first, last] = [report.kernels[0]?.edition, report.kernels.at(-1)?.edition];
  const side = (edition = '') => ({ report, source: name, edition });
  const compat = compatOf(report, { apis: ['lock_vma_under_rcu'], callers: ['find_tcp_vma'] });
  const mails = [
    reportText(report, MAIL),
    matrixDiffText(diffMatrices(side(first), side(last)), MAIL),
    compatText(compat, MAIL),
  ];
  for (const mail of mails) {
    expect(mail.length).toBeGreaterThan(1000);
    expect(mail.split('\n').filter((line) => [...line].length > 78)).toEqual([]);
  }
  expect(mails[0]).toContain(headOf(report));
});

function headOf({ name }: Report): string {
  return `kmatrix report: ${name}\n${'='.repeat(16 + name.length)}\n`;
}
