import type { Expr } from '../expr/store.ts';
import type { Program } from './program.ts';

/**
 * The reverse of "depends on", as a graph over symbols and expressions: node `s` below `size` is a symbol, node
 * `size + e` an expression. The users of node `v` are `users[start[v]]` up to `start[v + 1]`.
 */
export class Dependents {
  readonly start: Int32Array;
  readonly users: Int32Array;

  constructor(program: Program) {
    const { size, store } = program;
    const nodes = size + store.count;
    const from: number[] = [];
    const to: number[] = [];
    const edge = (used: number, user: number): void => {
      from.push(used);
      to.push(user);
    };
    const seen = new Uint8Array(store.count);
    const stack: Expr[] = [];
    const use = (root: Expr, user: number): void => {
      if (root === 0) return;
      edge(size + root, user);
      if (seen[root] === 0) {
        seen[root] = 1;
        stack.push(root);
      }
      for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
        const kind = store.kind[e] as number;
        const left = store.left[e] as number;
        const right = store.right[e] as number;
        if (kind <= 3) {
          const children = kind === 3 ? [left] : [left, right];
          for (const child of children) {
            edge(size + child, size + e);
            if (seen[child] === 0) {
              seen[child] = 1;
              stack.push(child);
            }
          }
        } else {
          edge(left, size + e);
          if (kind < 10) edge(right, size + e);
        }
      }
    };
    for (let id = 0; id < size; id++) {
      use(program.dirDep[id] as number, id);
      use(program.revDep[id] as number, id);
      use(program.implied[id] as number, id);
      for (const table of [program.prompts, program.defaults, program.ranges]) {
        const end = table.start[id + 1] as number;
        for (let row = table.start[id] as number; row < end; row++) {
          use(table.cond[row] as number, id);
          if (table === program.defaults) use(table.a[row] as number, id);
          if (table === program.ranges) {
            edge(table.a[row] as number, id);
            edge(table.b[row] as number, id);
          }
        }
      }
    }
    // Expressions of menus and comments have no user, but their values are remembered too.
    const { cond, visibility } = program.listing;
    for (const e of visibility) use(e, 0);
    for (const e of cond) use(e, 0);
    this.start = new Int32Array(nodes + 1);
    for (const v of from) this.start[v + 1] = (this.start[v + 1] as number) + 1;
    for (let v = 0; v < nodes; v++)
      this.start[v + 1] = (this.start[v + 1] as number) + (this.start[v] as number);
    const next = this.start.slice();
    this.users = new Int32Array(from.length);
    for (let i = 0; i < from.length; i++) {
      const v = from[i] as number;
      const at = next[v] as number;
      this.users[at] = to[i] as number;
      next[v] = at + 1;
    }
  }
}
