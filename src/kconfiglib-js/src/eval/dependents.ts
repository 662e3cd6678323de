import { E, type Expr } from '../expr/store.ts';
import { isTristateType } from '../menu/views.ts';
import type { Program, Rows } from './program.ts';

/**
 * The reverse of "depends on", as a graph over symbols and expressions: node `s` below `size` is a symbol, node
 * `size + e` an expression. The users of node `v` are `users[start[v]]` up to `start[v + 1]`.
 */
export class Dependents {
  readonly start: Int32Array;
  readonly users: Int32Array;

  constructor(program: Program) {
    const nodes = program.size + program.store.count;
    const start = new Int32Array(nodes + 1);
    // Twice: to count, and to fill in.
    eachUse(program, (used) => {
      start[used + 1] = (start[used + 1] as number) + 1;
    });
    for (let v = 0; v < nodes; v++) start[v + 1] = (start[v + 1] as number) + (start[v] as number);
    const next = start.slice();
    const users = new Int32Array(start[nodes] as number);
    eachUse(program, (used, user) => {
      const at = next[used] as number;
      users[at] = user;
      next[used] = at + 1;
    });
    this.start = start;
    this.users = users;
  }
}

/** Calls `edge` with each node and each of its users, by their numbers. */
function eachUse(program: Program, edge: (used: number, user: number) => void): void {
  const { size, store } = program;
  const seen = new Uint8Array(store.count);
  const stack: Expr[] = [];
  const reach = (e: Expr): void => {
    if (seen[e] !== 0) return;
    seen[e] = 1;
    stack.push(e);
  };
  const use = (root: Expr, user: number): void => {
    if (root === 0) return;
    edge(size + root, user);
    reach(root);
    for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
      const kind = store.kind[e] as number;
      const left = store.left[e] as number;
      const right = store.right[e] as number;
      if (kind >= E.EQUAL) {
        edge(left, size + e);
        if (kind !== E.SYMBOL) edge(right, size + e);
        continue;
      }
      edge(size + left, size + e);
      reach(left);
      if (kind === E.NOT) continue;
      edge(size + right, size + e);
      reach(right);
    }
  };
  const rows = ({ start, cond }: Rows, id: number, value: (row: number) => void): void => {
    const end = start[id + 1] as number;
    for (let row = start[id] as number; row < end; row++) {
      use(cond[row] as number, id);
      value(row);
    }
  };
  const { prompts, defaults, ranges } = program;
  for (let id = 0; id < size; id++) {
    use(program.dirDep[id] as number, id);
    use(program.revDep[id] as number, id);
    use(program.implied[id] as number, id);
    rows(prompts, id, () => {});
    const logical = isTristateType(program.type[id] as number);
    rows(defaults, id, (row) => {
      const value = defaults.a[row] as number;
      // A text is taken from the symbol itself: the expression that names it is never evaluated.
      if (!logical && store.kind[value] === E.SYMBOL) edge(store.left[value] as number, id);
      use(value, id);
    });
    rows(ranges, id, (row) => {
      edge(ranges.a[row] as number, id);
      edge(ranges.b[row] as number, id);
    });
  }
  // Expressions of menus and comments have no user, but their values are remembered too.
  const { cond, visibility } = program.listing;
  for (const e of visibility) use(e, 0);
  for (const e of cond) use(e, 0);
}
