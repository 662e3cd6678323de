import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EBADF, EFAULT } from '../mm/mm-core.ts';
import {
  boot,
  layOut,
  type Ran,
  type ScriptOp,
  SMP64,
  scheduleFrom,
} from '../user-script.test-util.ts';
import { PIPE_BUFFERS, PIPE_ENDS } from './pipe.ts';
import { EPIPE } from './pipe-write.ts';

const THREADS = 4;
const laidOut = layOut('v6.12', SMP64, { threads: THREADS, pipes: 1 });
const PAGE = 4096;
const READ = PIPE_ENDS.read;
const WRITE = PIPE_ENDS.write;

interface WithPipe {
  readonly m: Ran;
  readonly pipe: number;
  /** What the first thread's operations give. */
  run(...ops: ScriptOp[]): number[];
}

/** A machine whose first thread has made its one pipe. */
function withPipe(): WithPipe {
  const m = boot(laidOut);
  m.run([[['pipe']]]);
  const pipe = m.results[0]?.[0] as number;
  const run = (...ops: ScriptOp[]) => {
    const before = m.results[0]?.length ?? 0;
    m.run([ops]);
    return m.results[0]?.slice(before) ?? [];
  };
  return { m, pipe, run };
}

const inUse = ({ m }: WithPipe) => m.machine.core.pages.inUse(m.exec);

describe('a pipe', () => {
  it('gives what was written, as far as it is there, and puts small writes behind each other in one page', () => {
    const p = withPipe();
    const before = inUse(p);
    expect(p.run(['pipe_write', p.pipe, 100], ['pipe_write', p.pipe, 50])).toEqual([100, 50]);
    expect(inUse(p)).toBe(before + 1);
    expect(p.run(['pipe_read', p.pipe, 120], ['pipe_read', p.pipe, PAGE])).toEqual([120, 30]);
    // The page is kept for the next write.
    expect(inUse(p)).toBe(before + 1);
    expect(p.run(['pipe_write', p.pipe, 2 * PAGE + 1])).toEqual([2 * PAGE + 1]);
    expect(inUse(p)).toBe(before + 3);
    expect(p.run(['pipe_read', p.pipe, 3 * PAGE])).toEqual([2 * PAGE + 1]);
    expect(inUse(p)).toBe(before + 1);
  });

  it('takes faults of the buffer in user memory, and gives EFAULT where there is none', () => {
    const p = withPipe();
    const [at = 0] = p.run(['mmap', 2, 3, 0x22, 0, 0, 0]);
    expect(p.run(['pipe_write', p.pipe, 1, at], ['pipe_read', p.pipe, 1, at + 1])).toEqual([1, 1]);
    expect(p.m.count('pgfault')).toBeGreaterThanOrEqual(2);
    expect(p.run(['pipe_write', p.pipe, 1, at + 64])).toEqual([-EFAULT]);
  });

  it('ends for readers when nobody can write, and fails for writers when nobody can read', () => {
    const p = withPipe();
    const before = inUse(p);
    const { pipe } = p;
    const results = p.run(
      ['pipe_write', pipe, 5],
      ['pipe_close', pipe, WRITE],
      ['pipe_read', pipe, 9],
      ['pipe_read', pipe, 9],
      ['pipe_close', pipe, READ],
      ['pipe_read', pipe, 9],
    );
    expect(results).toEqual([5, 0, 5, 0, 0, -EBADF]);
    expect(inUse(p)).toBe(before);
    const [again = 0] = p.run(['pipe']);
    expect(p.run(['pipe_close', again, READ], ['pipe_write', again, 1])).toEqual([0, -EPIPE]);
    expect(p.run(['pipe_close', again, READ])).toEqual([-EBADF]);
  });

  it('lets a sleeping reader and a sleeping writer go when the other end is closed', () => {
    const reader = withPipe();
    reader.m.run([[], [['pipe_read', reader.pipe, 1]]]);
    expect(reader.m.results[1]).toEqual([]);
    reader.m.run([[['pipe_close', reader.pipe, WRITE]]]);
    expect(reader.m.results[1]).toEqual([0]);
    const writer = withPipe();
    const all = PIPE_BUFFERS * PAGE;
    writer.m.run([[], [['pipe_write', writer.pipe, all + 1]]]);
    expect(writer.m.results[1]).toEqual([]);
    writer.m.run([[['pipe_close', writer.pipe, READ]]]);
    expect(writer.m.results[1]).toEqual([all]);
  });

  it('loses no byte and leaves nobody asleep, whoever reads and writes in whatever order', () => {
    const of = (min: number) =>
      fc.array(fc.integer({ min, max: 20 * PAGE }), { minLength: 1, maxLength: 3 });
    const schedule = fc.array(fc.nat(7), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(of(1), of(1), of(1000), schedule, (first, second, reads, numbers) => {
        const { m, pipe } = withPipe();
        const total = [...first, ...second].reduce((a, b) => a + b, 0);
        const write = (n: number): ScriptOp => ['pipe_write', pipe, n];
        const read = reads.map((n): ScriptOp => ['pipe_read', pipe, n]);
        const has = () => (m.results[3] ?? []).reduce((a, b) => a + b, 0);
        m.run([[], first.map(write), second.map(write), read], scheduleFrom(numbers));
        // Writers that sleep go on as the reader does; only it is given more to do.
        const more: ScriptOp[][] = [];
        for (let round = 0; has() < total && round < 2000; round++) {
          more[3] = [['pipe_read', pipe, reads[round % reads.length] as number]];
          m.run(more, scheduleFrom(numbers));
        }
        expect(has()).toBe(total);
        expect(m.results[1]).toEqual(first);
        expect(m.results[2]).toEqual(second);
      }),
      { numRuns: 20 },
    );
  });
});
