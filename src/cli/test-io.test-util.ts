import type { Io, Output } from './io.ts';
import { main } from './main.ts';

/** What a command wrote and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Run one command line with its output caught. */
export async function run(argv: readonly string[], io: Partial<Io> = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const catching = (lines: string[]): Output => ({ write: (text) => lines.push(text) });
  const code = await main([...argv], {
    stdout: catching(out),
    stderr: catching(err),
    stdin: {},
    cwd: process.cwd(),
    env: {},
    ...io,
  });
  return { code, out: out.join(''), err: err.join('') };
}
