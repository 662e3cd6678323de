/** Lines `from` to `to` of one text stand where `start` to `end` of another do; ends are not included. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** So many lines may be different until what lies between the first and the last difference is taken for one change. */
const MOST = 4000;

/**
 * What turns one list of lines into another: a shortest script (E. Myers, An O(ND) difference algorithm and its
 * variations, 1986), in which what could stand in several places stands as low as it can, as git has it. Between two
 * changes there is at least one line both have.
 */
export function changes(base: readonly string[], other: readonly string[]): Change[] {
  let head = 0;
  const most = Math.min(base.length, other.length);
  while (head < most && base[head] === other[head]) head++;
  let tail = 0;
  while (tail < most - head && base.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const left = base.slice(head, base.length - tail);
  const right = other.slice(head, other.length - tail);
  if (left.length + right.length === 0) return [];
  const found = script(left, right).map(({ from, to, start, end }) => ({
    from: from + head,
    to: to + head,
    start: start + head,
    end: end + head,
  }));
  return lowered(found, base, other);
}

function script(left: readonly string[], right: readonly string[]): Change[] {
  const [n, m] = [left.length, right.length];
  const reach = new Map<number, number>([[1, 0]]);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= Math.min(n + m, MOST); d++) {
    const row = new Int32Array(2 * d + 1);
    for (let k = -d; k <= d; k += 2) {
      const [below, above] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
      let x = k === -d || (k !== d && below < above) ? above : below + 1;
      while (x < n && x - k < m && left[x] === right[x - k]) x++;
      reach.set(k, x);
      row[k + d] = x;
      if (x >= n && x - k >= m) return traced(trace, d, n, m);
    }
    trace.push(row);
  }
  return [{ from: 0, to: n, start: 0, end: m }];
}

/** Walk back from the end: each row holds how far the diagonals reached with one difference less. */
function traced(trace: readonly Int32Array[], length: number, n: number, m: number): Change[] {
  const found: Change[] = [];
  let [x, y] = [n, m];
  for (let d = length; d > 0; d--) {
    const row = trace[d - 1] as Int32Array;
    const at = (k: number): number => (Math.abs(k) < d ? (row[k + d - 1] as number) : -1);
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const before = down ? k + 1 : k - 1;
    const px = at(before);
    const py = px - before;
    const one = { from: px, to: down ? px : px + 1, start: py, end: down ? py + 1 : py };
    const next = found.at(-1);
    if (next && next.from === one.to && next.start === one.end) {
      found[found.length - 1] = { ...next, from: one.from, start: one.start };
    } else found.push(one);
    [x, y] = [px, py];
  }
  return found.reverse();
}

/** What is only added or only taken away moves down as long as the text stays the same. */
function lowered(
  list: readonly Change[],
  base: readonly string[],
  other: readonly string[],
): Change[] {
  const out: Change[] = [];
  for (const one of list.toReversed()) {
    const next = out.at(-1);
    let { from, to, start, end } = one;
    const lines = from === to ? other : base;
    const isPure = from === to || start === end;
    const free = (): boolean =>
      to < (next?.from ?? base.length) && end < (next?.start ?? other.length);
    while (
      isPure &&
      free() &&
      lines[from === to ? start : from] === lines[from === to ? end : to]
    ) {
      from++;
      to++;
      start++;
      end++;
    }
    if (next && next.from === to && next.start === end)
      out[out.length - 1] = { ...next, from, start };
    else out.push({ from, to, start, end });
  }
  return out.reverse();
}
