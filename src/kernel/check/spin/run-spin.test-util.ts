/** Compiling Promela models with SPIN and a C compiler, and running what comes out. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const call = promisify(execFile);

/** What `pan` looks for. */
export type Aim =
  /** A broken assertion. */
  | 'assertion'
  /** A state in which all have stopped and not all have ended. */
  | 'deadlock'
  /** A cycle that the property forbids, or that passes an acceptance label: under any schedule, or under weak fairness. */
  | 'cycle'
  | 'fair cycle';

export interface PanAnswer {
  readonly verdict: 'holds' | 'violated' | 'undecided';
  /** As stored, after its own partial-order reduction. */
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  /** Actual memory, in MB. */
  readonly megabytes: number;
}

/** Whether SPIN and a C compiler are installed. */
export function haveSpin(): boolean {
  return ['spin', 'gcc'].every((tool) => spawnSync(tool, ['-V']).error === undefined);
}

/** The limits of a run: depth of the stack, two's exponent of the hash table's slots, and memory in MB. */
export interface Room {
  readonly depth: number;
  readonly slots: number;
  readonly megabytes: number;
}

const ROOM: Room = { depth: 2_000_000, slots: 22, megabytes: 4000 };

/** A compiled model. */
export class Pan {
  readonly #folder: string;
  readonly #room: Room;
  /** Wall time of `spin -a` and of the C compiler. */
  readonly seconds: { readonly spin: number; readonly cc: number };

  private constructor(folder: string, room: Room, seconds: Pan['seconds']) {
    this.#folder = folder;
    this.#room = room;
    this.seconds = seconds;
  }

  /**
   * @param cycles whether it is to be asked for cycles
   * @param optimise how the C compiler is told to optimise it
   */
  static async make(
    model: string,
    cycles: boolean,
    optimise: '-O0' | '-O2',
    room = ROOM,
  ): Promise<Pan> {
    const cwd = mkdtempSync(join(tmpdir(), 'kmatrix-spin-'));
    writeFileSync(join(cwd, 'model.pml'), model);
    const spin = await timed(() => call('spin', ['-a', 'model.pml'], { cwd }));
    const kind = cycles ? ['-DNFAIR=4'] : ['-DSAFETY', '-DNOCLAIM'];
    const options = ['-DCOLLAPSE', `-DMEMLIM=${room.megabytes}`, '-w', '-o', 'pan', 'pan.c'];
    const cc = await timed(() => call('gcc', [optimise, ...kind, ...options], { cwd }));
    return new Pan(cwd, room, { spin: spin.seconds, cc: cc.seconds });
  }

  /**
   * @param ops operations of each writer
   * @param most how often the loop in question may be passed
   */
  async run(aim: Aim, ops: number, most = 0): Promise<PanAnswer> {
    // A deadlock is no broken rule, and the other way round.
    const flags = {
      assertion: ['-E'],
      deadlock: ['-A'],
      cycle: ['-a', '-A'],
      'fair cycle': ['-a', '-f', '-A'],
    }[aim];
    const { depth, slots } = this.#room;
    const env = { OPS: String(Number.isFinite(ops) ? ops : 0), MOST: String(most) };
    const args = [...flags, `-m${depth}`, `-w${slots}`, '-n'];
    const options = { cwd: this.#folder, env, maxBuffer: 1 << 26 };
    // It fails where it runs out of memory, and says so.
    const said = (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' });
    const { result, seconds } = await timed(() => call('./pan', args, options).catch(said));
    return { ...figures(result.stdout), seconds };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function timed<T>(run: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const begin = performance.now();
  const result = await run();
  return { result, seconds: (performance.now() - begin) / 1000 };
}

function figures(out: string): Omit<PanAnswer, 'seconds'> {
  const number = (pattern: RegExp) => Number(pattern.exec(out)?.[1] ?? Number.NaN);
  const errors = number(/errors: (\d+)/);
  const cut = /max search depth too small|memory limit|out of memory/.test(out);
  const verdict = errors > 0 ? 'violated' : errors === 0 && !cut ? 'holds' : 'undecided';
  return {
    verdict,
    states: number(/^\s*(\d+) states, stored/m),
    transitions: number(/^\s*(\d+) transitions/m),
    megabytes: number(/^\s*([\d.]+)\s+total actual memory usage/m),
  };
}
