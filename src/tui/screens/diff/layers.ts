import type { Tab } from '../../widgets/tabs.ts';

/** The layers of a comparison, in the order the data flows. */
export const LAYERS = [
  { title: 'Options', short: 'Opt' },
  { title: 'API surface', short: 'API' },
  { title: 'Fallbacks', short: 'Fallb' },
  { title: 'Structures', short: 'Struct' },
  { title: 'Counters', short: 'Count' },
  { title: 'Performance', short: 'Perf' },
  { title: 'Verdicts', short: 'Verd' },
] as const satisfies readonly Tab[];

export type LayerName = (typeof LAYERS)[number]['title'];
