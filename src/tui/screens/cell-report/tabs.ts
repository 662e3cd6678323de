import type { LocksAt } from '../../../kernel/index.ts';
import type { Report, ReportCell } from '../../../report/index.ts';
import type { Glyphs } from '../../theme.ts';
import type { basisOf } from '../cell-facts.ts';
import type { ScreenTable } from '../table.ts';
import { fallbackTab } from './fallback-tab.ts';
import { optionTab } from './option-tab.ts';
import { performanceTab } from './performance-tab.ts';
import { structTab } from './struct-tab.ts';
import { surfaceTab } from './surface-tab.ts';
import { verificationTab } from './verification-tab.ts';

/** Statistics of the locks of a workload on a kernel; empty where they are not known. */
export type LocksOf = (kernel: string | null, workload: string) => readonly LocksAt[];

/** A tab of a cell's report. */
export interface ReportTab {
  readonly title: string;
  readonly short: string;
  /** What the section's figures rest on. */
  readonly section: Parameters<typeof basisOf>[1] | null;
  readonly plot: boolean;
  readonly table: (report: Report, cell: ReportCell, glyphs: Glyphs, locks: LocksOf) => ScreenTable;
}

/** The tabs, in order. */
export const REPORT_TABS: readonly ReportTab[] = [
  {
    title: 'Options',
    short: 'Options',
    section: 'options',
    plot: false,
    table: optionTab,
  },
  {
    title: 'API surface',
    short: 'API',
    section: 'surface',
    plot: false,
    table: surfaceTab,
  },
  {
    title: 'Fallback paths',
    short: 'Fallbacks',
    section: 'fallbacks',
    plot: false,
    table: fallbackTab,
  },
  {
    title: 'Structures',
    short: 'Structs',
    section: 'structs',
    plot: false,
    table: structTab,
  },
  {
    title: 'Performance',
    short: 'Perf',
    section: 'performance',
    plot: true,
    table: performanceTab,
  },
  {
    title: 'Verification',
    short: 'Verify',
    section: null,
    plot: false,
    table: verificationTab,
  },
];
