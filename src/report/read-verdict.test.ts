import { describe, expect, it } from 'vitest';
import {
  DEFAULT_QUESTION,
  editionNamed,
  type Question,
  type Trace,
  type TraceState,
  type Verdict,
  verify,
} from '../kernel/index.ts';
import { parseVerdict, parseVerdicts } from './read-verdict.ts';
import { shortened } from './trace-steps.ts';
import { verdictJson } from './verdict-json.ts';

const OPTIONS: Record<string, string> = { '64BIT': 'y', SMP: 'y', MMU: 'y', PER_VMA_LOCK: 'y' };

function ask(asked: Partial<Question>): Verdict {
  const config = { get: (name: string) => OPTIONS[name] ?? '' };
  return verify(editionNamed('v7.0')!, config, { ...DEFAULT_QUESTION, ...asked });
}

const crash = ask({ lookup: 'unlocked-as-posted' });
const text = JSON.stringify(verdictJson(crash));

/** The state after each step of a trace, those that are as before filled in. */
function statesOf({ steps }: Trace): Map<string, TraceState | undefined> {
  let last: TraceState | undefined;
  return new Map(
    steps.map((step) => [JSON.stringify({ ...step, state: 0 }), (last = step.state ?? last)]),
  );
}

describe('verdicts from a file', () => {
  it('are one, several answers, or those of a report', () => {
    const [group] = parseVerdicts(text, 'v.json');
    expect(group?.verdicts[0]?.trace).toEqual(crash.trace);
    const groups = `{"schemaVersion":1,"groups":[{"title":"Safe?","verdicts":[${text},${text}]}]}`;
    expect(parseVerdicts(groups, 'v.json')).toMatchObject([{ title: 'Safe?', verdicts: [{}, {}] }]);
    expect(parseVerdict(text, 'v.json').trace).toEqual(crash.trace);
  });

  it.each([
    '[]',
    'null',
    '{"groups":[{"title":"x"}]}',
    '{"groups":[null]}',
    '{',
    '{"kind":"matrix"}',
  ])('are told from %s, with the file', (wrong) => {
    expect(() => parseVerdicts(wrong, 'v.json')).toThrow(/v\.json/);
  });

  it('of older versions have traces without states', () => {
    const old = JSON.parse(text);
    delete old.trace.files;
    for (const step of old.trace.steps) delete step.state;
    expect(
      parseVerdicts(JSON.stringify(old), 'v.json')[0]?.verdicts[0]?.trace?.files,
    ).toBeUndefined();
  });
});

describe('a shortened trace', () => {
  it('tells the same of locks and VMAs after each step that is left', () => {
    const trace = crash.trace as Trace;
    const short = shortened(trace);
    expect(short.steps.length).toBeLessThan(trace.steps.length);
    const all = statesOf(trace);
    for (const [step, state] of statesOf(short)) expect(all.get(step)).toEqual(state);
    expect(short.steps[0]?.state).toBeDefined();
  });
});
