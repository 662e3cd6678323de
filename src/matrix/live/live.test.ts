import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeStage } from '../fake-stage.test-util.ts';
import { LiveMatrix, type RunEvent, type RunRequest, runInThreads } from '../index.ts';
import { parseMatrixFile } from '../matrix-file.ts';
import { planFor, runMatrixWith } from '../run.ts';

const resolving = new URL('./fake-resolving.worker.test-util.ts', import.meta.url);
const worker = new URL('../fake.worker.test-util.ts', import.meta.url);
const cacheDir = mkdtempSync(join(tmpdir(), 'kmatrix-live-'));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

const TEXT = `
name: small
description: two editions
cpus: [1, 2]
workloads: [page_fault1, page_fault_mixed]
runs: 2
show: [PER_VMA_LOCK]
matrix:
  edition: [v7.0, all-builds-v2]
  SMP: [y, n]
cells:
  - {edition: v7.0, 64BIT: n, SMP: y, X86_USER_SHADOW_STACK: y}
  - {edition: v7.0, 64BIT: y, SMP: y, PROFILING: y}
`;
const matrix = parseMatrixFile(TEXT, 'small.yaml');

async function run(live: LiveMatrix, more: Partial<RunRequest> = {}, signal?: AbortSignal) {
  const request = { matrix, jobs: 1, ...more };
  const events: RunEvent[] = [];
  live.begin(request.matrix, request.only);
  const end = await runInThreads(request, {
    resolving,
    worker,
    ...(signal && { signal }),
    onEvent: (event) => {
      events.push(event);
      live.take(event);
    },
  });
  live.end();
  return { end, events };
}

const states = (live: LiveMatrix): Record<string, string> =>
  Object.fromEntries(live.cells().map(({ spec, state }) => [spec.id, state]));

describe('a matrix run in a thread', () => {
  const live = new LiveMatrix(matrix);
  let whole: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    whole = await run(live);
  });

  test('comes to the same result as one run at once', async () => {
    expect(whole.end).toBe('done');
    expect(live.result()).toEqual(await runMatrixWith(fakeStage, matrix, { worker, jobs: 1 }));
    expect(whole.events[0]?.type).toBe('planned');
    expect(states(live)).toMatchObject({
      'v7.0:SMP=y': 'done',
      'v7.0:SMP=y,64BIT=n,X86_USER_SHADOW_STACK=y': 'rejected',
    });
    expect(live.cells()[0]!.runs).toEqual({ done: 8, total: 8 });
  });

  test('tells of each cell when it is resolved, before it is measured', () => {
    const told = whole.events.flatMap((event) => (event.type === 'cell' ? [event.cell] : []));
    const first = told.filter(({ spec }) => spec.id === 'v7.0:SMP=y');
    expect(first.map(({ measurements }) => measurements.length)).toEqual([0, 1, 2]);
    expect(first[0]).toMatchObject({ status: 'ok', lock: { present: true } });
    expect(first[0]!.surface).not.toBeNull();
  });

  test('of some cells leaves the others as they were', async () => {
    const before = live.result();
    const only = ['v7.0:SMP=n'];
    const { events } = await run(live, { only, seed: 7, afresh: true });
    const told = new Set(events.flatMap((e) => (e.type === 'cell' ? [e.cell.spec.id] : [])));
    expect([...told]).toEqual(only);
    const after = live.result();
    expect(after.cells[0]).toEqual(before.cells[0]);
    expect(after.cells[1]!.measurements).not.toEqual(before.cells[1]!.measurements);
  });

  test('says of a matrix that cannot be run what is wrong', async () => {
    const wrong = parseMatrixFile(TEXT.replace('page_fault1', 'nowhere/'), 'small.yaml');
    await expect(run(new LiveMatrix(wrong), { matrix: wrong })).rejects.toMatchObject({
      diagnostics: [{ code: 'not-found' }],
    });
  });

  test('keeps what was done when it is stopped, and goes on where it was', async () => {
    const live = new LiveMatrix(matrix);
    const stop = new AbortController();
    live.begin(matrix);
    let measured = 0;
    const end = await runInThreads(
      { matrix, jobs: 1, cacheDir },
      {
        resolving,
        worker,
        signal: stop.signal,
        onEvent: (event) => {
          live.take(event);
          if (event.type === 'cell' && event.cell.measurements.length > 0) measured++;
          if (measured === 1) stop.abort();
        },
      },
    );
    live.end();
    expect(end).toBe('stopped');
    expect(Object.values(states(live))).toContain('unfinished');
    expect(live.result().cells.length).toBeGreaterThan(0);
    expect((await run(live, { cacheDir })).end).toBe('done');
    expect(Object.values(states(live))).not.toContain('unfinished');
  });
});

describe('a matrix that is run again', () => {
  test('forgets cells the file no longer has, and those that are others now', () => {
    const live = new LiveMatrix(matrix);
    const plan = planFor(fakeStage, matrix);
    live.begin(matrix);
    live.take({ type: 'planned', plan, seed: 1 });
    for (const { id } of plan.cells) live.take({ type: 'runs', id, runs: { done: 1, total: 4 } });
    live.end();
    const [first, second] = plan.cells;
    const cells = [first!, { ...second!, cpus: [4] }];
    live.begin(matrix, []);
    live.take({ type: 'planned', plan: { ...plan, cells }, seed: 1 });
    expect(live.cells().map(({ spec, runs }) => [spec.id, runs.done])).toEqual([
      [first!.id, 1],
      [second!.id, 0],
    ]);
  });
});
