import { COLOURS } from './colours.ts';
import { LAYOUT } from './layout.ts';
import { PLOTS } from './plots.ts';
import { PRINT } from './print.ts';
import { TABLES } from './tables.ts';

/** The page's style sheet. */
export const STYLE = [COLOURS, LAYOUT, TABLES, PLOTS, PRINT].join('');
