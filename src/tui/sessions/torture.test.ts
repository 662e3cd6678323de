import { describe, expect, it } from 'vitest';
import { runCells, type ShardResult, type ShardStore, shardsOf } from '../../kernel/index.ts';
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

  it('counts what the report counts of a lookup that the kernel does not survive', async () => {
    const made = memoryStore();
    const [cell] = cellsOf({ ...CHOICE, lookups: 20 });
    await runCells([cell!], { store: made });
    const [completed] = made.kept.values();
    const choice = { ...CHOICE, lookups: 300_000 };
    // Pieces run side by side: one behind the end may be there.
    const store: ShardStore = {
      get: (of, { seed }) => {
        const last = shardsOf(of)[1]!.seed === seed && of.lookup === 'unlocked-as-posted';
        return last ? { ...completed!, outcome: 'oops' } : completed;
      },
      put: () => {},
    };
    const session = new TortureSession({ store, jobs: 1 });
    session.look(choice);
    const pieces = () =>
      session.variants(choice).reduce((sum, each) => sum + each.pieces.length, 0);
    expect(pieces()).toBe(7 * 3 - 1);
    await session.run(choice, never, () => {});
    expect(session.progress(choice)).toEqual({ done: 20, total: 20 });
    expect(pieces()).toBe(20);
    expect(session.variants(choice).map(({ result }) => result)).toEqual(
      await runCells(cellsOf(choice), { store }),
    );
  });

  it('ends with the program', async () => {
    const session = new TortureSession({ jobs: 1 });
    await session.run(CHOICE, AbortSignal.abort(), () => {});
    expect(session.running(CHOICE)).toBe(false);
  });
});
