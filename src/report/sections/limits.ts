import { type Block, bullets, heading, type Line } from '../document.ts';
import type { Report } from '../model.ts';

/** How far the figures carry. */
export function limitsSection(report: Report): Block[] {
  return [
    heading(2, 'How to read this, and its limits'),
    bullets([
      ...report.provenance.map(
        ({ section, basis, statement }): Line => [
          { strong: `${TITLES[section]} (${basis}):` },
          ` ${statement}`,
        ],
      ),
      [
        'A kernel is named by the first cell that instantiates it. Cells are one kernel when the ',
        'edition and every option the kernel looked at are the same.',
      ],
      [
        'Throughput is called different only where the ranges over the runs do not overlap and lie ',
        'more than 0.1% apart; a single run is never called a difference.',
      ],
      ['The same matrix, seed and cost profile give the same bytes.'],
    ]),
  ];
}

const TITLES: Readonly<Record<Report['provenance'][number]['section'], string>> = {
  options: 'Options',
  surface: 'API surface',
  structs: 'Structures',
  fallbacks: 'Fallback paths',
  workloads: 'Counters',
  performance: 'Performance',
};
