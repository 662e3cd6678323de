import { InputError } from '../../input/index.ts';
import { type Load, openedReport, runTui } from '../index.ts';
import { fixtureReport } from './fixture.ts';

/**
 * The terminal UI over the fixture, as a program of its own: the pty tests run it, and so may whoever
 * wants to look at the screens. `KMATRIX_DRIVER` chooses what loading does: `slow`, `fail`, `crash`.
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
  return openedReport(fixtureReport());
};

try {
  const ascii = process.argv.includes('--ascii');
  process.exitCode = await runTui({
    load,
    title: 'kmatrix per-vma-lock',
    ...(ascii && { ascii }),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
  });
} catch (error) {
  process.stderr.write(`${error instanceof InputError ? error.message : String(error)}\n`);
  process.exitCode = error instanceof InputError ? 2 : 70;
}
