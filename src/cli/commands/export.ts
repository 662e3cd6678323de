import { readText } from '../../input/index.ts';
import { parseReport } from '../../report/index.ts';
import type { Command } from '../command.ts';
import { exportOptions, writeReport } from '../finished-run.ts';
import { gateOf } from '../gate.ts';
import { userPath } from '../paths.ts';
import { checkTables } from '../tables.ts';

/** `kmatrix export`: a report that was written as JSON, in another format. Nothing is run. */
export const exportCommand: Command = {
  name: 'export',
  usage: 'FILE',
  description: [
    'Reads the report that "kmatrix run --format json" or "kmatrix merge --format json" wrote, and writes it in ' +
      'another format. Nothing is run: all there is to say is in the file.',
  ],
  arity: [1, 1],
  options: exportOptions,
  examples: [
    ['kmatrix export report.json --format html --out report.html', 'A page to open in a browser.'],
    [
      'kmatrix export new.json --baseline old.json --fail-on surface',
      'The gate for two reports that are there already.',
    ],
  ],
  run: async (context) => {
    const { args, io } = context;
    const [file = ''] = args.positionals;
    checkTables(context);
    const report = parseReport(readText(userPath(file, io), 'report'), file);
    const gate = gateOf(context, report.verification.length > 0);
    return writeReport(context, report, gate);
  },
};
