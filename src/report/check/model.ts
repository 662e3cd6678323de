import type { Api, ApiCell, CheckedFile } from '../../tree/index.ts';

/** A configuration of a check: rejected where Kconfig does not give what was asked for. */
export interface CheckedCell {
  readonly id: string;
  readonly rejected: string | null;
}

/** What a check of source files against configurations of a tree found. */
export interface CheckReport {
  readonly tree: string;
  /** Of these, the cells of an API stand for those that are not rejected, in order. */
  readonly cells: readonly CheckedCell[];
  readonly files: readonly CheckedFile[];
}

/** One use that breaks or is worth a word, with the configurations it is so in. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly api: Api;
  readonly cell: ApiCell;
  readonly level: 'error' | 'warning' | 'note';
  /** Ids of the configurations. */
  readonly cells: readonly string[];
}

/** Ids of the configurations that were looked at. */
export function checkedIds({ cells }: Pick<CheckReport, 'cells'>): string[] {
  return cells.filter(({ rejected }) => rejected === null).map(({ id }) => id);
}

/** Does an API differ between configurations, or break in one. */
export function isWorthARow({ cells }: Api): boolean {
  const [first] = cells;
  return cells.some(
    (cell) => cell.breaks || cell.reason !== null || cell.changed || cell.state !== first?.state,
  );
}

/** Everything to say of uses, by place; what is the same in several configurations is said once. */
export function findingsOf(report: CheckReport): Finding[] {
  const ids = checkedIds(report);
  return report.files.flatMap(({ file, apis }) => {
    const found = new Map<string, Finding & { cells: string[] }>();
    for (const api of apis) {
      for (const [at, cell] of api.cells.entries()) {
        const level = levelOf(cell);
        if (level === undefined) continue;
        for (const { line, column } of cell.places) {
          const key = JSON.stringify([line, column, api.name, cell.state, cell.reason, cell.stub]);
          const known = found.get(key);
          if (known) known.cells.push(ids[at] as string);
          else found.set(key, { file, line, column, api, cell, level, cells: [ids[at] as string] });
        }
      }
    }
    return [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  });
}

function levelOf(cell: ApiCell): Finding['level'] | undefined {
  if (cell.breaks) return 'error';
  if (cell.reason !== null) return 'warning';
  return cell.state === 'stub' || cell.changed ? 'note' : undefined;
}

/** How many configurations break a file. */
export function brokenCells({ apis }: CheckedFile): number {
  const broken = new Set(
    apis.flatMap(({ cells }) => cells.flatMap((cell, at) => (cell.breaks ? [at] : []))),
  );
  return broken.size;
}

const STATES = {
  real: 'is real',
  stub: 'is a stub',
  absent: 'is absent',
  misfit: 'does not fit here',
  unlinked: 'is defined by nothing that is built',
  unexported: 'is not exported',
} as const;

/** One sentence on a finding, without its place and configurations. */
export function findingText({ api, cell }: Pick<Finding, 'api' | 'cell'>): string {
  if (api.kind === 'header') return cell.reason ?? api.name;
  const stub = cell.state === 'stub' ? ` { ${cell.stub ?? ''} }`.replace('{  }', '{ }') : '';
  const changed =
    cell.changed && cell.state === 'real' ? `has another signature: ${cell.signature}` : undefined;
  const reason = cell.reason === null ? '' : `: ${cell.reason}`;
  return `${api.name} ${changed ?? STATES[cell.state]}${stub}${reason}`;
}
