import { FILTER } from './filter.ts';
import { LINKS } from './links.ts';
import { SORT } from './sort.ts';
import { THEME } from './theme.ts';
import { TIPS } from './tips.ts';
import { TOOLS } from './tools.ts';

/**
 * The page's script. It only adds: everything it sorts, searches and shows is on the page without it.
 * It makes nodes and sets text; it never reads text as markup.
 */
export const SCRIPT = `(()=>{'use strict';\n${[TOOLS, SORT, FILTER, TIPS, THEME, LINKS].join('')}})();\n`;
