import { reportModule } from './cell-report/index.ts';
import { matrixModule } from './cells/index.ts';
import { configModule } from './config/index.ts';
import { changesModule } from './config-changes/index.ts';
import { symbolModule } from './config-symbol/index.ts';
import { detailModule } from './detail/index.ts';
import { diffModule } from './diff/index.ts';
import { editionsModule } from './editions/index.ts';
import { exportModule } from './export/index.ts';
import { helpModule } from './help/index.ts';
import type { ScreenModule } from './module.ts';
import { pickModule } from './pick/index.ts';
import { tortureModule } from './torture/index.ts';
import { traceModule } from './trace/index.ts';
import { verdictsModule } from './verdicts/index.ts';

/** Every kind of screen. What is made of the modules (key table, help, manual) follows this order. */
export const MODULES: readonly ScreenModule[] = [
  matrixModule,
  pickModule,
  reportModule,
  diffModule,
  configModule,
  symbolModule,
  changesModule,
  editionsModule,
  exportModule,
  verdictsModule,
  traceModule,
  tortureModule,
  detailModule,
  helpModule,
];
