import { describe, expect, it } from 'vitest';
import { runCells, type ShardResult, type ShardStore } from '../../kernel/index.ts';
import { cellsOf, type TortureChoice, TortureSession } from './torture.ts';

const CHOICE: TortureChoice = {
  edition: 'v7.0',
  adversary: 'mprotect',
  scheduler: 'fair',
  lookups: 300,
};

function memoryStore(): ShardStore & { readonly kept: Map<string, ShardResult> } {
  const kept = new Map<string, ShardResult>();
  const keyOf = (...of: Parameters<ShardStore['get']>) => JSON.stringify(of);
  return {
    kept,
    get: (cell, shard) => kept.get(keyOf(cell, shard)),
    put: (cell, shard, result) => void kept.set(keyOf(cell, shard), result),
  };
}

const never = new AbortController().signal;

describe('a torture run in the terminal UI', () => {
  it('grows piece by piece to what the command gives, is kept when stopped, and goes on', async () => {
    const store = memoryStore();
    const first = new TortureSession({ store, jobs: 1 });
    first.look(CHOICE);
    const counts: number[] = [];
    await first.run(CHOICE, never, () => {
      const known = first.variants(CHOICE).filter(({ pieces }) => pieces.length > 0).length;
      counts.push(known);
      if (known >= 2) first.stop(CHOICE);
    });
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(first.running(CHOICE)).toBe(false);
    expect(store.kept.size).toBeLessThan(7);

    const second = new TortureSession({ store, jobs: 1 });
    second.look(CHOICE);
    expect(second.variants(CHOICE).filter(({ pieces }) => pieces.length > 0)).toHaveLength(
      store.kept.size,
    );
    const kept = new Map(store.kept);
    await second.run(CHOICE, never, () => {});
    for (const [key, result] of kept) expect(store.kept.get(key)).toBe(result);
    expect(second.variants(CHOICE).map(({ result }) => result)).toEqual(
      await runCells(cellsOf(CHOICE), { store }),
    );
    expect(second.progress(CHOICE)).toEqual({ done: 7, total: 7 });
  });

  it('ends with the program', async () => {
    const session = new TortureSession({ jobs: 1 });
    await session.run(CHOICE, AbortSignal.abort(), () => {});
    expect(session.running(CHOICE)).toBe(false);
  });
});
