import { packagePath, readText } from '../../input/index.ts';
import { parseReport } from '../../report/index.ts';
import {
  type Opened,
  openedConfig,
  openedReport,
  openedTorture,
  openedVerdicts,
} from '../index.ts';
import { offerEdits } from '../screens/config/answers.ts';
import type { Op } from '../sessions/config/index.ts';
import { TORTURE_SESSION, TortureSession } from '../sessions/torture.ts';
import { largeReport } from './large.ts';
import { memoryFiles, shippedKconfig } from './shipped-config.ts';
import { someVerdicts } from './verdicts.ts';

const SHIPPED = packagePath('reports/per-vma-lock.json');

/** The option set that ships for v7.0; nothing is written to disk but the journal. */
const config = (): Opened =>
  openedConfig(
    {
      config: shippedKconfig().config(),
      title: 'v7.0',
      file: '.config',
      fromFile: false,
      files: memoryFiles(),
    },
    process.env,
  );

/** What the driver can open instead of the fixture, to be looked at and measured. */
export const OPENINGS: Readonly<Record<string, () => Opened>> = {
  /** More rows than anybody reads. */
  large: () => openedReport(largeReport(20_000)),
  /** The report that ships with kmatrix. */
  shipped: () => openedReport(parseReport(readText(SHIPPED, 'report'), SHIPPED)),
  config,
  /** The same after a crash. */
  offer: () => ({
    ...config(),
    begin: (state) => {
      const pending: Op[] = [{ do: 'set', name: 'SMP', value: 'y' }];
      return offerEdits(state, 'config', { pending }, '2026-03-02 09:30');
    },
  }),
  /** The torture test, nothing of it kept. */
  torture: () => {
    const sessions = { [TORTURE_SESSION]: new TortureSession({ jobs: 1 }) };
    return { ...openedTorture('v7.0'), sessions };
  },
  /** Verdicts the model checker gives on the way. */
  traces: () => openedVerdicts(someVerdicts()),
};
