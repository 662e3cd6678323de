import type { Exec, Next, Routine, Step } from '../model/machine/index.ts';

/** Something a step does besides its one access: bookkeeping in the program's own words. */
export type Action = (k: Exec) => void;

/**
 * Puts the steps of a routine together one after the other, with labels handed out as they come.
 *
 * Actions that touch nothing shared are put at the head of the next step, so that bookkeeping around an operation
 * costs no step of its own; at a label that is jumped to they become a step, or the jump would repeat them.
 */
export class Assembler {
  readonly #labels: string[] = [];
  readonly #steps: Step[] = [];
  readonly #taken = new Set<string>();
  #pending: Action[] = [];

  /** A label nobody has, made from `wish`. */
  label(wish: string): string {
    let label = wish;
    for (let n = 2; this.#taken.has(label); n++) label = `${wish} #${n}`;
    this.#taken.add(label);
    return label;
  }

  /** Does `action` before the next step, in the same step if it can. */
  before(action: Action): void {
    this.#pending.push(action);
  }

  /** Adds a step. Control comes to it from the one before. */
  step(label: string, step: (k: Exec) => Next): void {
    const actions = this.#pending;
    this.#pending = [];
    this.#labels.push(label);
    this.#steps.push(fuse(actions, step));
  }

  /** Adds a step that is jumped to. */
  target(label: string, step: (k: Exec) => Next): void {
    this.flush();
    this.step(label, step);
  }

  /** Makes what is pending a step, so that the next one can be jumped to. */
  flush(): void {
    if (this.#pending.length > 0) this.step(this.label('then'), () => undefined);
  }

  /** The routine. `vars` are the names of its frame's words. */
  finish(name: string, vars: readonly string[]): Routine {
    return {
      name,
      id: -1,
      vars,
      labels: this.#labels,
      steps: this.#steps,
      labelIndex: new Map(this.#labels.map((label, i) => [label, i])),
      inFrame: 0,
    };
  }
}

/** One step that does the actions and then the step; spelt out for the usual number of actions. */
function fuse(actions: readonly Action[], step: (k: Exec) => Next): Step {
  const [a, b, ...more] = actions;
  if (a === undefined) return step;
  if (b === undefined) {
    return (k) => {
      a(k);
      return step(k);
    };
  }
  if (more.length === 0) {
    return (k) => {
      a(k);
      b(k);
      return step(k);
    };
  }
  return (k) => {
    for (const action of actions) action(k);
    return step(k);
  };
}
