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
      ...(report.answers.length > 0 ? ANSWERS : []),
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

/** What the answers to the key questions are, and are not. */
const ANSWERS: readonly Line[] = [
  [
    'The key answers follow rules. They can: each accepted cell has the lock, each workload completes, and no lookup of a fault is ',
    'found unsafe. By cost: the dearest operation that was priced is dearer by less than 5%. Feasible and fair: safe, no deadlock with ',
    'nothing held, bounded under endless writers. They weigh nothing against anything; that is left to who reads them.',
  ],
  [
    'Only x86 with an MMU is modelled. Of kernels without one and of other architectures, which the series reaches too, nothing is said; ',
    'of 32-bit kernels no count or time was measured.',
  ],
  [
    'A verdict holds for the threads, VMAs and operations it names and for interleavings that are sequentially consistent, not for larger ',
    'numbers nor for weaker memory orders.',
  ],
  [
    'How far a price would have to be off is exact on one CPU, where a cost is the sum of what is paid, and one price is changed at a time. ',
    'Throughput on several CPUs hangs on transfers of cache lines and queues as well; of it only the distance to no difference is told.',
  ],
];
