import { didYouMean, inputError } from '../../input/index.ts';
import type { FallbackEntry, Report, ReportKernel } from '../model.ts';
import { stateText } from '../varies.ts';
import { listed } from '../words.ts';
import { insteadOf, isNone } from './instead.ts';
import type { Compat, CompatEntry, CompatRow, Decision } from './model.ts';
import { sinceOf } from './since.ts';

/** What decides about an API in a kernel: `undefined` where no option does. */
export type Decide = (
  kernel: ReportKernel,
  api: string,
) => readonly Omit<Decision, 'why'>[] | undefined;

/** What a compatibility report is asked for. */
export interface CompatQuestion {
  readonly apis: readonly string[];
  readonly callers: readonly string[];
  /** Default: nothing is said of options. */
  readonly decide?: Decide;
}

/**
 * In which kernels of a report APIs and callers can be used. An API can fail if some caller has another way for when it does;
 * what callers do then is what to write instead. A name the report does not know is an input error.
 */
export function compatOf(report: Report, { apis, callers, decide }: CompatQuestion): Compat {
  const failing = new Set(
    report.fallbacks.flatMap(({ kernels }) =>
      Object.values(kernels).flatMap((entry) =>
        entry && entry.taken !== 'never' ? [entry.tries] : [],
      ),
    ),
  );
  return {
    schemaVersion: 1,
    kind: 'compat',
    matrix: report.matrixFile,
    kernels: report.kernels.map(({ id, edition, cells }) => ({ id, edition, cells })),
    apis: apis.map((name) => apiRow(report, name, failing, decide)),
    callers: callers.map((name) => callerRow(report, name, failing, decide)),
  };
}

function apiRow(
  report: Report,
  name: string,
  failing: ReadonlySet<string>,
  decide: Decide | undefined,
): CompatRow {
  const functions = report.surface.functions;
  const row = functions.find((found) => found.name === name);
  if (!row) throw unknown('API', name, functions);
  const canFail = failing.has(name);
  const trigger = triggerOf(report, name);
  const entries = Object.fromEntries(
    report.kernels.map((kernel): [string, CompatEntry] => {
      const found = row.kernels[kernel.id] ?? { state: 'absent' as const };
      const state = stateText(found);
      if (found.state === 'real') {
        const why = canFail ? [trigger] : [];
        return [
          kernel.id,
          {
            use: canFail ? 'with' : 'without',
            state,
            fallback: canFail ? 'sometimes' : null,
            why,
            options: [],
          },
        ];
      }
      const decided = decisions(report, kernel, decide?.(kernel, name));
      const use = found.state === 'absent' ? 'not' : canFail ? 'with' : 'without';
      return [
        kernel.id,
        {
          use,
          state,
          fallback: use === 'with' ? 'always' : null,
          why: [
            use === 'not'
              ? 'it is absent: code that uses it does not compile'
              : use === 'with'
                ? `it is a stub that ${stateText(found).replace(/^stub: /, '')}: every call falls back`
                : `it is a stub (${stateText(found).replace(/^stub: /, '')}): there is nothing for it to do`,
            ...reasonOf(kernel, decide, decided),
          ],
          options: decided ?? [],
        },
      ];
    }),
  );
  const own = insteadOf(report, ({ tries, taken }) => tries === name && taken !== 'never', failing);
  return {
    name,
    kernels: entries,
    since: sinceOf(report.kernels, entries),
    instead: own.length > 0 ? own : beforeIt(report, name, entries, failing),
  };
}

/**
 * What callers did in earlier editions that lost their fallback where the API came; of these editions the last in which
 * some caller did.
 */
function beforeIt(
  report: Report,
  name: string,
  entries: Readonly<Record<string, CompatEntry>>,
  failing: ReadonlySet<string>,
): CompatRow['instead'] {
  const editions = [...Map.groupBy(report.kernels, ({ edition }) => edition).values()];
  const first = editions.findIndex((own) => own.some(({ id }) => entries[id]?.use !== 'not'));
  for (const old of editions.slice(0, Math.max(0, first)).reverse()) {
    const lost = lostBetween(report, old, editions[first] ?? []);
    const ways = insteadOf(
      report,
      (entry) => lost.has(entry) && entry.tries !== name && !isNone(entry.fallback),
      failing,
    );
    if (ways.length > 0) return ways;
  }
  return [];
}

/** Fallbacks of callers that have one in old kernels and none of any kind in new ones. */
function lostBetween(
  { fallbacks }: Report,
  old: readonly ReportKernel[],
  now: readonly ReportKernel[],
): Set<FallbackEntry> {
  const entriesIn = (kernels: readonly ReportKernel[]): FallbackEntry[] =>
    fallbacks.flatMap((row) => kernels.flatMap(({ id }) => row.kernels[id] ?? []));
  const kept = new Set(entriesIn(now).map(({ caller }) => caller));
  return new Set(entriesIn(old).filter(({ caller }) => !kept.has(caller)));
}

function callerRow(
  report: Report,
  name: string,
  failing: ReadonlySet<string>,
  decide: Decide | undefined,
): CompatRow {
  const sites = report.fallbacks.filter(({ kernels }) =>
    Object.values(kernels).some((entry) => entry?.caller === name),
  );
  const own = report.surface.functions.find((row) => row.name === name);
  if (sites.length === 0 && !own) {
    const callers = report.fallbacks.flatMap(({ kernels }) =>
      Object.values(kernels).flatMap((entry) => (entry ? [{ name: entry.caller }] : [])),
    );
    throw unknown('caller', name, callers);
  }
  const entries = Object.fromEntries(
    report.kernels.map((kernel): [string, CompatEntry] => {
      const here = sites.flatMap(({ kernels }) => kernels[kernel.id] ?? []);
      const state = stateText(own?.kernels[kernel.id]);
      if (here.length === 0 && own && state === 'absent') {
        const options = decisions(report, kernel, decide?.(kernel, name));
        const why = ['this kernel does not have it', ...reasonOf(kernel, decide, options)];
        return [kernel.id, { use: 'not', state, fallback: null, why, options: options ?? [] }];
      }
      return [kernel.id, callerEntry(report, kernel, own ? state : 'real', here, decide)];
    }),
  );
  return {
    name,
    kernels: entries,
    since: sinceOf(report.kernels, entries),
    instead: insteadOf(
      report,
      ({ caller, taken }) => caller === name && taken !== 'never',
      failing,
    ),
  };
}

function callerEntry(
  report: Report,
  kernel: ReportKernel,
  state: string,
  sites: readonly FallbackEntry[],
  decide: Decide | undefined,
): CompatEntry {
  const taken = sites.filter((entry) => entry.taken !== 'never');
  const always = taken.filter((entry) => entry.taken === 'always');
  const options = always.flatMap(
    ({ tries }) => decisions(report, kernel, decide?.(kernel, tries)) ?? [],
  );
  return {
    use: taken.length > 0 ? 'with' : 'without',
    state,
    fallback: always.length > 0 ? 'always' : taken.length > 0 ? 'sometimes' : null,
    why: taken.map(
      (entry) =>
        `it tries ${entry.tries}, which ${entry.taken === 'always' ? 'always fails here' : `can fail (${entry.trigger})`}; ${isDone(entry)}`,
    ),
    options: options.filter(
      ({ option }, i) => options.findIndex((other) => other.option === option) === i,
    ),
  };
}

function isDone({ fallback }: FallbackEntry): string {
  return fallback.startsWith('none') ? fallback : `then ${fallback}`;
}

/** What makes it fail most often, by the number of callers that know. */
function triggerOf({ fallbacks }: Report, api: string): string {
  const callers = new Map<string, Set<string>>();
  for (const { kernels } of fallbacks) {
    for (const entry of Object.values(kernels)) {
      if (entry?.tries !== api || entry.taken === 'never') continue;
      callers.set(entry.trigger, (callers.get(entry.trigger) ?? new Set()).add(entry.caller));
    }
  }
  const [most] = [...callers].sort(([, one], [, other]) => other.size - one.size);
  return `it can fail: ${most?.[0] ?? ''}`;
}

function decisions(
  report: Report,
  kernel: ReportKernel,
  decided: readonly Omit<Decision, 'why'>[] | undefined,
): Decision[] | undefined {
  const cell = report.cells.find(({ id }) => id === kernel.id);
  return decided?.map((decision) => {
    const known = cell?.options.find(({ symbol }) => symbol === decision.option);
    return { ...decision, why: known?.why ?? '' };
  });
}

function reasonOf(
  { edition }: ReportKernel,
  decide: Decide | undefined,
  decided: readonly Decision[] | undefined,
): string[] {
  if (!decide) return [];
  if (!decided) return [`no option of ${edition} alone makes it otherwise`];
  return [
    `it would be real with ${listed(decided.map(({ option, needed }) => `${option}=${needed || 'n'}`))}`,
    ...decided.flatMap(({ why }) => (why === '' ? [] : [why])),
  ];
}

function unknown(what: string, name: string, known: readonly { readonly name: string }[]): Error {
  const names = [...new Set(known.map((row) => row.name))];
  return inputError(
    'unknown-name',
    `no kernel of this matrix has a${what === 'API' ? 'n API' : ' caller'} "${name}"`,
    undefined,
    didYouMean(name, names) ?? `"kmatrix run --all" lists what there is`,
  );
}
