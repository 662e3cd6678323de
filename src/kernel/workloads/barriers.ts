import { inputError } from '../../input/index.ts';
import {
  bodiesOf,
  iterations,
  type Statement,
  someStatement,
  type ThreadKind,
  type Workload,
} from './workload.ts';

/**
 * Refuses barriers at which some thread would wait for ever: every thread that is not in the background
 * has to pass the same number of them, whatever it chooses.
 */
export function checkBarriers(workload: Workload): void {
  let first: { kind: ThreadKind; passages: number } | undefined;
  for (const kind of workload.threads) {
    const barrier = find(kind.run);
    if (kind.background) {
      if (barrier !== undefined) {
        throw inputError(
          'bad-barrier',
          'a background thread cannot wait at a barrier: it never ends by itself',
          barrier.span,
        );
      }
      continue;
    }
    const passages = count(kind.run);
    first ??= { kind, passages };
    if (passages !== first.passages) {
      const other = (barrier ?? find(first.kind.run))?.span;
      throw inputError(
        'bad-barrier',
        `threads "${first.kind.name}" pass ${first.passages} barriers and threads "${kind.name}" ${passages}: some would wait for ever`,
        other,
      );
    }
  }
}

function find(body: readonly Statement[]): Statement | undefined {
  for (const s of body) {
    if (s.kind === 'barrier') return s;
    for (const inner of bodiesOf(s)) {
      const found = find(inner);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function count(body: readonly Statement[]): number {
  let n = 0;
  for (const s of body) {
    if (s.kind === 'barrier') n++;
    else if (s.kind === 'repeat') n += s.times * count(s.body);
    else if (s.kind === 'for') n += iterations(s) * count(s.body);
    else if (s.kind === 'counted') n += count(s.body);
    else if (s.kind === 'choose' && someStatement([s], (x) => x.kind === 'barrier')) {
      throw inputError(
        'bad-barrier',
        'a barrier cannot depend on a choice: other threads would wait for ever',
        find([s])?.span ?? s.span,
      );
    }
  }
  return n;
}
