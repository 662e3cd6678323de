import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inputError } from '../../../input/index.ts';
import type { MatrixFile, MatrixResult, RunEvent } from '../../../matrix/index.ts';
import type { VerificationGroup } from '../../../report/index.ts';
import { fixtureResult } from '../../testing/fixture.ts';
import { REPORT_SESSION, type ReportSession } from '../report.ts';
import { createSessions } from '../session.ts';
import { PaceMeter } from './pace.ts';
import { type AddedCell, type RunService, RunSession, type RunWanted } from './run-session.ts';

const result: MatrixResult = fixtureResult();
const file = { name: result.name, description: '', path: 'm.yaml', seed: 1 } as MatrixFile;
const specs = result.cells.map(({ spec }) => spec);
const planned = {
  type: 'planned',
  seed: 1,
  plan: { cells: specs, axes: result.axes, show: [], warnings: [] },
} as const satisfies RunEvent;

/** A service whose runs tell and end when the test says so. */
function fakeService(): RunService & {
  asked: RunWanted[];
  tell: (event: RunEvent) => void;
  end: (how?: 'done' | 'stopped') => void;
  broken: Error | null;
} {
  const service = {
    asked: [] as RunWanted[],
    tell: (_event: RunEvent): void => {},
    end: (_how?: 'done' | 'stopped'): void => {},
    broken: null as Error | null,
    matrix: () => {
      if (service.broken) throw service.broken;
      return file;
    },
    run: (what: RunWanted, onEvent: (event: RunEvent) => void, signal: AbortSignal) => {
      service.asked.push(what);
      service.tell = onEvent;
      return new Promise<'done' | 'stopped'>((resolve) => {
        service.end = (how = 'done') => resolve(how);
        signal.addEventListener('abort', () => resolve('stopped'));
      });
    },
  };
  return service;
}

/** A cell's event: resolved, or with all its measurements. */
function cell(index: number, whole: boolean): RunEvent {
  const found = result.cells[index]!;
  const measurements = whole ? found.measurements : [];
  const runs = { done: whole ? 8 : 0, total: 8 };
  return { type: 'cell', cell: { ...found, measurements }, runs };
}

async function opened<S extends ReturnType<typeof fakeService>>(service: S = fakeService() as S) {
  const session = new RunSession(service);
  const sessions = createSessions();
  sessions.put('run', session);
  const starting = session.start();
  service.tell(planned);
  await starting;
  const report = () => sessions.get<ReportSession>(REPORT_SESSION)!.report;
  const state = (index: number) => session.cells()[index]!.state;
  return { session, service, sessions, report, state };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('cells that are added', () => {
  const own = { edition: 'v7.0', set: { PREEMPT: 'y', SMP: 'n', '64BIT': 'y' } };
  const spec = { ...specs[0]!, ...own, id: 'v7.0:64BIT=y,SMP=n,PREEMPT=y' };

  /** A service that keeps added cells, whose runs plan what there is of them. */
  function keeping() {
    let kept: readonly AddedCell[] = [];
    const service = fakeService();
    const added = {
      list: () => kept,
      put: (cells: readonly AddedCell[]) => {
        kept = cells;
      },
    };
    const plan = { ...planned.plan, cells: [...specs, spec] };
    return Object.assign(service, { added, withOwn: { ...planned, plan } });
  }

  it('run at once, by the name the matrix gives them, and can be taken out', async () => {
    const service = keeping();
    const { session } = await opened(service);
    service.end();
    await vi.runAllTimersAsync();
    const adding = session.add(own);
    service.tell(service.withOwn);
    expect(await adding).toEqual({ id: spec.id, now: 'runs' });
    expect(service.asked.at(-1)).toMatchObject({ only: [spec.id] });
    expect(session.isAdded(spec.id)).toBe(true);
    expect(session.isAdded(specs[0]!.id)).toBe(false);
    service.end();
    await vi.runAllTimersAsync();
    expect(await session.add({ ...own, set: { SMP: 'n', PREEMPT: 'y', '64BIT': 'y' } })).toEqual({
      id: spec.id,
      now: 'there',
    });
    const removing = session.remove(spec.id);
    service.tell(planned);
    await removing;
    expect(service.added.list()).toEqual([]);
    expect(session.cells()).toHaveLength(specs.length);
  });

  it('wait while something runs', async () => {
    const service = keeping();
    const { session } = await opened(service);
    expect(await session.add(own)).toEqual({ id: spec.id, now: 'waits' });
    expect(await session.add(own)).toEqual({ id: spec.id, now: 'waits' });
    expect(session.waiting()).toEqual([
      { id: spec.id, edition: spec.edition, set: own.set, axes: { '64BIT': 'y', SMP: 'n' } },
    ]);
    expect(service.asked).toHaveLength(1);
    service.end();
    await vi.advanceTimersByTimeAsync(10);
    expect(service.asked.at(-1)).toMatchObject({ only: [spec.id] });
    expect(session.activity).toBe('running');
  });

  it('are forgotten where the matrix does not take them', async () => {
    const service = keeping();
    const { session } = await opened(service);
    service.end();
    await vi.runAllTimersAsync();
    service.broken = inputError('unknown-symbol', 'no such option');
    expect(await session.add(own)).toEqual({ problem: 'no such option' });
    expect(service.added.list()).toEqual([]);
    service.added.put([own]);
    expect(session.forgetAdded()).toBe(true);
    expect(session.forgetAdded()).toBe(false);
  });
});

describe('a matrix that is run', () => {
  it('has its cells at once, and its report grows with them', async () => {
    const { session, service, report, state } = await opened();
    expect(session.cells()).toHaveLength(13);
    expect(state(0)).toBe('waiting');
    expect(report().cells).toHaveLength(0);
    service.tell(cell(0, false));
    service.tell({ type: 'runs', id: specs[0]!.id, runs: { done: 2, total: 8 } });
    await vi.advanceTimersByTimeAsync(500);
    expect(state(0)).toBe('running');
    expect(report().cells).toHaveLength(1);
    expect(report().performance).toHaveLength(0);
    service.tell(cell(0, true));
    await vi.advanceTimersByTimeAsync(500);
    expect(state(0)).toBe('done');
    expect(report().performance.length).toBeGreaterThan(0);
    expect(session.progress()).toMatchObject({ activity: 'running', done: 1, total: 13 });
  });

  it('tells of many events once in a while', async () => {
    const { session, service, sessions } = await opened();
    await vi.advanceTimersByTimeAsync(1000);
    const versions: number[] = [];
    sessions.listen((id, version) => {
      if (id === 'run') versions.push(version);
    });
    for (let done = 0; done < 500; done++) {
      service.tell({ type: 'runs', id: specs[0]!.id, runs: { done, total: 1000 } });
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(versions.length).toBeGreaterThan(1);
    expect(versions.length).toBeLessThan(10);
    session.stop();
  });

  it('keeps what is done when it is stopped, and runs again only what is asked for', async () => {
    const { session, service, report, state } = await opened();
    service.tell(cell(0, true));
    service.tell(cell(1, false));
    session.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(session.activity).toBe('idle');
    expect([state(0), state(1), state(2)]).toEqual(['done', 'unfinished', 'unfinished']);
    expect(report().cells).toHaveLength(2);
    const again = session.start({ only: [specs[1]!.id], afresh: true });
    service.tell(planned);
    await again;
    expect(service.asked[1]).toMatchObject({ only: [specs[1]!.id], afresh: true });
    expect([state(0), state(1)]).toEqual(['done', 'waiting']);
    expect(session.progress()).toMatchObject({ done: 0, total: 1 });
    // One at a time.
    await session.start();
    expect(service.asked).toHaveLength(2);
  });

  it('says what is wrong with a file that was changed, and keeps the cells it had', async () => {
    const { session, service } = await opened();
    session.stop();
    await vi.advanceTimersByTimeAsync(0);
    service.broken = inputError('x', 'no such edition', { file: 'm.yaml', line: 3, column: 1 });
    await session.start();
    expect(session.problem).toBe('m.yaml:3: no such edition');
    expect(session.cells()).toHaveLength(13);
  });

  it('throws what is wrong with a matrix that has no cells yet', async () => {
    const service = fakeService();
    const session = new RunSession(service);
    service.broken = inputError('x', 'no such matrix');
    await expect(session.start()).rejects.toThrow('no such matrix');
  });

  it('adds what the model checker says', async () => {
    const groups: VerificationGroup[] = [{ title: 'Safety', verdicts: [] }];
    const service = { ...fakeService(), verify: async () => groups };
    const session = new RunSession(service);
    await session.verify();
    expect(session.report.verification).toEqual(groups);
  });
});

describe('a pace', () => {
  it('is of what was done since it began, and nothing before it means something', () => {
    const meter = new PaceMeter(1000, 10);
    expect(meter.at(1100, 11, 20)).toEqual({ rate: 0, secondsLeft: null });
    expect(meter.at(3000, 10, 20).secondsLeft).toBeNull();
    expect(meter.at(3000, 14, 20)).toEqual({ rate: 2, secondsLeft: 3 });
    expect(meter.at(9000, 20, 20).secondsLeft).toBe(0);
  });
});
