import { type Node, P, type Tree } from '../menu/model.ts';

/** Steps of a listing. */
export const STEP = { SYMBOL: 0, HEADING: 1, END: 2 } as const;

/**
 * What a `.config` has to say, from top to bottom: a symbol, the heading of a menu or comment, the end of a menu.
 * `arg` is the id of the symbol, or the row of the heading in `text`, `cond` and `visibility`.
 */
export interface Listing {
  readonly step: Uint8Array;
  readonly arg: Int32Array;
  readonly cond: Int32Array;
  readonly visibility: Int32Array;
  text(row: number): string;
  /** The texts as columns: in UTF-8 one behind the other, and where each begins. */
  columns?(): { bytes: Uint8Array; start: Int32Array };
}

/** List a finished tree. */
export function listTree(tree: Tree): Listing {
  const step: number[] = [];
  const arg: number[] = [];
  const cond: number[] = [];
  const visibility: number[] = [];
  const texts: string[] = [];
  const rows = new Map<Node, number>();
  let node: Node | undefined = tree.root.list;
  while (node) {
    if (!node.sym) {
      if (node.prompt) {
        const row = texts.push(node.prompt.text) - 1;
        cond.push(node.prompt.cond);
        visibility.push(node.visibility);
        step.push(STEP.HEADING);
        arg.push(row);
        if (node.prompt.kind === P.MENU) rows.set(node, row);
      }
    } else if (!node.sym.isChoice) {
      step.push(STEP.SYMBOL);
      arg.push(node.sym.id);
    }
    if (node.list) {
      node = node.list;
      continue;
    }
    for (;;) {
      const row = rows.get(node);
      if (row !== undefined) {
        step.push(STEP.END);
        arg.push(row);
      }
      if (node.next) {
        node = node.next;
        break;
      }
      node = node.parent;
      if (!node) break;
    }
  }
  return {
    step: Uint8Array.from(step),
    arg: Int32Array.from(arg),
    cond: Int32Array.from(cond),
    visibility: Int32Array.from(visibility),
    text: (row) => texts[row] as string,
  };
}
