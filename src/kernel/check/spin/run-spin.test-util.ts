import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promela, type SpinQuestion } from './promela.test-util.ts';

export interface SpinAnswer {
  readonly verdict: 'holds' | 'violated' | 'undecided';
  readonly states: number;
  readonly transitions: number;
  /** Wall time of `spin -a`, the C compiler and `pan`. */
  readonly seconds: { readonly spin: number; readonly cc: number; readonly pan: number };
}

/** Whether SPIN and a C compiler are installed. */
export function haveSpin(): boolean {
  return ['spin', 'gcc'].every((tool) => spawnSync(tool, ['-V']).error === undefined);
}

/**
 * Has SPIN answer a question with its own partial-order reduction on.
 *
 * @param optimise how the C compiler is told to optimise `pan`
 */
export function runSpin(q: SpinQuestion, optimise: '-O0' | '-O2' = '-O2'): SpinAnswer {
  const folder = mkdtempSync(join(tmpdir(), 'kmatrix-spin-'));
  try {
    const cwd = folder;
    writeFileSync(join(folder, 'model.pml'), promela(q));
    const timed = (run: () => void): number => {
      const begin = performance.now();
      run();
      return (performance.now() - begin) / 1000;
    };
    const spin = timed(() => execFileSync('spin', ['-a', 'model.pml'], { cwd, stdio: 'pipe' }));
    const progress = q.property === 'progress';
    const defines = progress ? ['-DNFAIR=4'] : ['-DSAFETY', '-DNOCLAIM'];
    const cc = timed(() => {
      const args = [
        optimise,
        ...defines,
        '-DCOLLAPSE',
        '-DMEMLIM=8000',
        '-w',
        '-o',
        'pan',
        'pan.c',
      ];
      execFileSync('gcc', args, { cwd, stdio: 'pipe' });
    });
    let out = '';
    // A deadlock is no broken rule, and the other way round.
    const only = progress ? ['-a', '-f'] : q.property === 'safety' ? ['-E'] : ['-A'];
    const pan = timed(() => {
      const args = [...only, '-m2000000', '-w24', '-n'];
      out = spawnSync('./pan', args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 }).stdout;
    });
    return { ...figures(out), seconds: { spin, cc, pan } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figures(out: string): Pick<SpinAnswer, 'verdict' | 'states' | 'transitions'> {
  const number = (pattern: RegExp) => Number(pattern.exec(out)?.[1] ?? Number.NaN);
  const errors = number(/errors: (\d+)/);
  const cut = /max search depth too small|memory limit|out of memory/.test(out);
  const verdict = errors > 0 ? 'violated' : errors === 0 && !cut ? 'holds' : 'undecided';
  return {
    verdict,
    states: number(/^\s*(\d+) states, stored/m),
    transitions: number(/^\s*(\d+) transitions/m),
  };
}
