import type { Failure, StoppedThread } from '../kernel/index.ts';
import type { CellResult, MatrixResult } from '../matrix/index.ts';

const PLACE = { cpus: 4, run: 2, part: 'run' } as const;

const thread = (name: string, tid: number, routine: string, label: string): StoppedThread => ({
  tid,
  name,
  routine,
  label,
  at: `mixed.yaml:${10 + tid}`,
  trace: [
    { routine, label },
    { routine: `${name}.run`, label: `read@${10 + tid}` },
  ],
});

/** One failure of each kind, made by hand for tests. */
export const FAILURES: Readonly<Record<Failure['kind'], Failure>> = {
  oops: {
    kind: 'oops',
    ...PLACE,
    bug: 'NULL pointer dereference',
    thread: thread('sender', 0, 'vma_start_read_locked', 'read_refcnt'),
    address: '0x0000000000000080',
    field: 'vm_area_struct.vm_refcnt',
  },
  hung: {
    kind: 'hung',
    ...PLACE,
    threads: [
      {
        ...thread('faulter', 0, 'handle_userfault', 'schedule'),
        waits_for: {
          kind: 'userfault',
          object: 'page 7',
          text: 'the answer to a userfault at page 7 that nobody has read',
          holders: [],
        },
      },
      {
        ...thread('mapper', 1, 'rwsem_down_write_slowpath', 'schedule'),
        waits_for: {
          kind: 'lock',
          object: 'mm#0.mmap_lock',
          text: 'mm#0.mmap_lock, held for writing',
          holders: [{ tid: 0, name: 'faulter' }],
        },
      },
    ],
  },
  unsupported: {
    kind: 'unsupported',
    ...PLACE,
    op: 'uffd_poison',
    error: 'EINVAL',
    file: 'mixed.yaml',
    line: 14,
    column: 17,
  },
  refused: {
    kind: 'refused',
    ...PLACE,
    op: 'madvise',
    error: 'EINVAL',
    file: 'mixed.yaml',
    line: 9,
    column: 9,
  },
};

/** The result with one workload of the first cell of an edition ended so; its figures stay, to be seen not to be shown. */
export function withFailure(
  result: MatrixResult,
  edition: string,
  workload: string,
  outcome: Failure,
): MatrixResult {
  const failing = result.cells.find(({ spec }) => spec.edition === edition);
  const change = (cell: CellResult): CellResult => ({
    ...cell,
    measurements: cell.measurements.map((m) =>
      m.workload === workload ? { ...m, outcome, performance: [] } : m,
    ),
  });
  return { ...result, cells: result.cells.map((c) => (c === failing ? change(c) : c)) };
}
