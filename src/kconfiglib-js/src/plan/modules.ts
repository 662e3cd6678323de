import type { Program } from '../eval/program.ts';
import { E, type Expr, isComparison } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';

/**
 * The symbols the value of the modules symbol rests on, itself included. They are found while there are no modules
 * yet, so a tristate among them counts as a bool.
 */
export interface ModulesCone {
  readonly ids: ReadonlySet<number>;
  /** Is there a tristate among them: then what is found early depends on the order, which is not modelled. */
  readonly doubtful: boolean;
}

const cones = new WeakMap<Program, ModulesCone>();

/** The cone of a tree's modules symbol. */
export function modulesCone(program: Program): ModulesCone {
  let cone = cones.get(program);
  if (!cone) {
    cone = find(program);
    cones.set(program, cone);
  }
  return cone;
}

function find(program: Program): ModulesCone {
  const { store } = program;
  const ids = new Set<number>();
  const todo: number[] = [];
  const seen = new Set<Expr>();
  const symbol = (id: number): void => {
    if (id <= 2 || ids.has(id)) return;
    ids.add(id);
    todo.push(id);
  };
  const use = (root: Expr): void => {
    const stack = [root];
    for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
      if (e === 0 || seen.has(e)) continue;
      seen.add(e);
      const kind = store.kind[e] as number;
      const left = store.left[e] as number;
      const right = store.right[e] as number;
      if (kind === E.SYMBOL) symbol(left);
      else if (isComparison(kind)) {
        symbol(left);
        symbol(right);
      } else stack.push(left, ...(kind === E.NOT ? [] : [right]));
    }
  };
  symbol(program.modules);
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    for (const e of [program.dirDep[id], program.revDep[id], program.implied[id]]) use(e as Expr);
    for (const table of [program.prompts, program.defaults, program.ranges])
      for (let row = table.start[id] as number; row < (table.start[id + 1] as number); row++) {
        use(table.cond[row] as Expr);
        if (table === program.defaults) use(table.a[row] as Expr);
        if (table !== program.ranges) continue;
        symbol(table.a[row] as number);
        symbol(table.b[row] as number);
      }
    const choice = program.choices[program.choice[id] as number];
    for (const member of choice?.entries ?? []) symbol(member);
  }
  const doubtful = [...ids].some((id) => program.type[id] === TYPE.TRISTATE);
  return { ids, doubtful };
}
