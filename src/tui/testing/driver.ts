import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InputError, writeFileAtomic } from '../../input/index.ts';
import { type Load, type Opened, openedMatrix, openedReport, runTui } from '../index.ts';
import { asking } from '../state/model.ts';
import { fixtureReport } from './fixture.ts';
import { fixtureRun } from './fixture-run.ts';
import { OPENINGS } from './openings.ts';

/**
 * The terminal UI over the fixture, as a program of its own: the pty tests run it, and so may whoever
 * wants to look at the screens. `KMATRIX_DRIVER` chooses what happens: loading is `slow`, it must `fail`
 * or `crash`, cells `run`, or the program has an unsaved `edit` and then must `break` on its own or in its `begin`ning;
 * or another of the OPENINGS.
 */
const mode = process.env.KMATRIX_DRIVER ?? '';

const load: Load = async (progress, signal) => {
  for (let done = 0; done < 12 && mode === 'slow' && !signal.aborted; done++) {
    progress({ done, total: 12, label: `v7.0 cell ${done + 1}` });
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  if (mode === 'fail') {
    throw new InputError([{ code: 'driver', severity: 'error', message: 'no such matrix' }]);
  }
  if (mode === 'crash') throw new TypeError('the driver crashed as asked');
  if (mode === 'run') return openedMatrix(fixtureRun(250));
  return (OPENINGS[mode] ?? opened)();
};

function opened(): Opened {
  const report = openedReport(fixtureReport());
  if (mode === 'begin') {
    const begin: Opened['begin'] = () => {
      throw new TypeError('the driver broke at the start as asked');
    };
    return { ...report, begin };
  }
  if (mode !== 'edit' && mode !== 'break') return report;
  if (mode === 'break') setTimeout(fail, 600);
  return {
    ...report,
    sessions: { ...report.sessions, edits: { version: 1, unsaved: () => '1 change to .config' } },
    begin: (state) =>
      asking(state, { kind: 'journal:append', document: '.config', entry: 'SMP=n' } as const),
  };
}

function fail(): void {
  throw new TypeError('the driver broke as asked');
}

const interrupted = new AbortController();
process.on('SIGINT', () => interrupted.abort());

/** Runs until the user leaves. */
async function drive(): Promise<void> {
  try {
    const { values } = parseArgs({
      options: {
        ascii: { type: 'boolean' },
        'no-mouse': { type: 'boolean' },
        fresh: { type: 'boolean' },
        theme: { type: 'string' },
      },
    });
    process.exitCode = await runTui({
      load,
      services: {
        files: {
          exists: existsSync,
          write: (path, text) => {
            writeFileAtomic(path, text);
            return null;
          },
        },
      },
      title: 'kmatrix per-vma-lock',
      ...(values.theme === 'colour-blind' && { theme: values.theme }),
      ...(values.ascii && { ascii: true }),
      noMouse: values['no-mouse'] === true,
      fresh: values.fresh === true,
      signal: interrupted.signal,
      remark: (text) => process.stderr.write(`${text}\n`),
      env: process.env,
      stdin: process.stdin,
      stdout: process.stdout,
    });
  } catch (error) {
    process.stderr.write(`${error instanceof InputError ? error.message : String(error)}\n`);
    process.exitCode = error instanceof InputError ? 2 : 70;
  }
}

void drive();
