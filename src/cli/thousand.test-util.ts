import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../input/index.ts';

/** What a run of `kmatrix` took: seconds on the clock, and of processor time on all its threads. */
export interface Took {
  readonly wall: number;
  readonly cpu: number;
}

/** Says at its end what the whole process used, so that a loaded machine does not count. */
const TELL_CPU =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write("cpu "+(user+system)/1e6)})';

/** A folder for caches and reports, and the built command run in it on the matrix of a thousand cells. */
export class ThousandCells {
  readonly folder = mkdtempSync(join(tmpdir(), 'kmatrix-thousand-'));

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Start a run with a cache of its own; its report goes into the folder. */
  start(cache: string, format: string, out: string): ChildProcess {
    return spawn(
      process.execPath,
      [
        ...['--import', TELL_CPU, packagePath('src/cli/bin/kmatrix.js')],
        ...['run', packagePath('matrices', 'thousand.yaml'), '--quiet', '--jobs', '2'],
        ...['--format', format, '--out', join(this.folder, out)],
      ],
      { env: { ...process.env, XDG_CACHE_HOME: join(this.folder, cache) } },
    );
  }

  /** Run to the end. */
  async run(cache: string, format: string, out: string): Promise<Took> {
    const begin = performance.now();
    const child = this.start(cache, format, out);
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    const cpu = /cpu ([\d.]+)$/.exec(said)?.[1];
    if (code !== 0 || cpu === undefined) throw new Error(`exit code ${code}: ${said}`);
    return { wall: (performance.now() - begin) / 1000, cpu: Number(cpu) };
  }

  /** Measurements a cache holds. */
  kept(cache: string): number {
    try {
      return readdirSync(join(this.folder, cache), { recursive: true, encoding: 'utf8' }).filter(
        (name) => name.endsWith('.json'),
      ).length;
    } catch {
      return 0;
    }
  }
}
