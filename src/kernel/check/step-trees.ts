import { grown } from './interner.ts';
import type { Layout } from './layout.ts';

/**
 * What the steps of threads do, learned as they are first taken. For each thread and each number of its frames there is a tree: an inner node
 * names a part of the packed state and has a branch for each of its values; a leaf says what the step does. A step's reads come in an
 * order that what it read before decides, so each leaf is found by exactly the words the step depends on.
 */
export class StepTrees {
  /** Nodes: word, shift and mask of what is looked at, then a reference for each value. */
  nodes = new Int32Array(1 << 12);
  /** Leaves: {@link Stepper.info}, then for each word of a state the bits to keep and the bits to set. */
  leaves = new Int32Array(1 << 12);
  /** By thread and frames, a reference: above 0 to a node, below 0 to a leaf, 0 for nothing known. */
  readonly #roots: Int32Array<ArrayBuffer>[];
  #nodesEnd = 1;
  #leavesEnd = 1;

  constructor(threads: number) {
    this.#roots = Array.from({ length: threads }, () => new Int32Array(1 << 8));
  }

  get bytes(): number {
    const roots = this.#roots.reduce((sum, r) => sum + r.byteLength, 0);
    return this.nodes.byteLength + this.leaves.byteLength + roots;
  }

  /** Forgets all, as their words are laid out anew. */
  clear(): void {
    for (const roots of this.#roots) roots.fill(0);
    this.nodes.fill(0, 0, this.#nodesEnd);
    this.#nodesEnd = 1;
    this.#leavesEnd = 1;
  }

  /** Offset of the leaf for a step of thread `t` from a state, 0 when it is not known. */
  find(t: number, frames: number, state: Int32Array): number {
    const { nodes } = this;
    const roots = this.#roots[t] as Int32Array;
    let at = frames < roots.length ? (roots[frames] as number) : 0;
    while (at > 0) {
      const word = state[nodes[at] as number] as number;
      at = nodes[
        at + 3 + ((word >>> (nodes[at + 1] as number)) & (nodes[at + 2] as number))
      ] as number;
    }
    return -at;
  }

  /**
   * Adds the leaf for a step from a state, which depends on the fields in `reads`. The leaf's words are to be filled in.
   *
   * @returns its offset
   */
  plant(
    t: number,
    frames: number,
    state: Int32Array,
    layout: Layout,
    reads: readonly number[],
  ): number {
    let roots = this.#roots[t] as Int32Array<ArrayBuffer>;
    while (frames >= roots.length) this.#roots[t] = roots = grown(roots);
    const leaf = this.#leavesEnd;
    this.#leavesEnd += 1 + 2 * layout.width;
    while (this.#leavesEnd > this.leaves.length) this.leaves = grown(this.leaves);
    // Where the reference to the next node is: in the roots, or in a node.
    let at = -1;
    for (const f of reads) {
      const mask = layout.mask[f] as number;
      if (mask === 0) continue;
      let node = at === -1 ? (roots[frames] as number) : (this.nodes[at] as number);
      if (node < 0) throw new Error('a step goes on reading where it had ended');
      if (node === 0) {
        node = this.#node(layout, f);
        if (at === -1) roots[frames] = node;
        else this.nodes[at] = node;
      }
      if (
        this.nodes[node] !== layout.word[f] ||
        this.nodes[node + 1] !== layout.shift[f] ||
        this.nodes[node + 2] !== mask
      ) {
        throw new Error('a step reads something else where it had read the same before');
      }
      at = node + 3 + layout.get(state, 0, f);
    }
    if (at === -1) roots[frames] = -leaf;
    else this.nodes[at] = -leaf;
    return leaf;
  }

  #node(layout: Layout, f: number): number {
    const node = this.#nodesEnd;
    const mask = layout.mask[f] as number;
    this.#nodesEnd += 4 + mask;
    while (this.#nodesEnd > this.nodes.length) this.nodes = grown(this.nodes);
    this.nodes[node] = layout.word[f] as number;
    this.nodes[node + 1] = layout.shift[f] as number;
    this.nodes[node + 2] = mask;
    return node;
  }
}
