import { KernelBug, PoolExhaustedError, SPIN, TASK } from '../model/index.ts';
import type { Subject } from './subject.ts';

const { fp: FP, on_rq: ON_RQ } = TASK.at;
const WALKS = 300;
const STEPS = 800;

/**
 * Walks random schedules, always the same ones, so that most words that are racy are known before the exploration begins: each that it
 * finds out itself makes it begin again.
 */
export function walk(s: Subject): void {
  const { exec, initial, tasks } = s;
  let random = 0x2545f491;
  const pick = (n: number) => {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return (random >>> 0) % n;
  };
  for (let i = 0; i < WALKS; i++) {
    exec.mem.set(initial);
    let t = 0;
    let stay = 0;
    for (let steps = 0; steps < STEPS; steps++) {
      // Runs of one thread are of very different lengths, so that others come by both within and between its operations.
      if (stay-- <= 0 || !ready(t)) {
        const able = tasks.flatMap((_, u) => (ready(u) ? [u] : []));
        if (able.length === 0) break;
        t = able[pick(able.length)] as number;
        stay = pick(1 << (1 + pick(7)));
      }
      exec.select(t);
      try {
        if (exec.step() === SPIN) stay = 0;
      } catch (error) {
        if (error instanceof PoolExhaustedError) stay = 0;
        else if (error instanceof KernelBug || error instanceof RangeError) break;
        else throw error;
      }
    }
  }
  s.stackUsed.fill(s.stackWords);

  function ready(u: number): boolean {
    const task = tasks[u] as number;
    return exec.mem[task + FP] !== 0 && exec.mem[task + ON_RQ] === 1;
  }
}
