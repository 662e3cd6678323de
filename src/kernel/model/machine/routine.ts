import type { Exec } from './exec.ts';

declare const CONTROL: unique symbol;

/** What `k.call`, `k.ret`, `k.spin` and `k.schedule` give: the step returns it to hand over control. */
export type Control = number & { readonly [CONTROL]: true };

/** Where a step goes: a label of the same routine, control handed over, or nothing for the next label. */
export type Next<L extends string = string> = L | Control | undefined | void;

/**
 * One labelled atomic step. It makes at most one access to shared memory ({@link Exec.load} and its
 * kin); everything else it touches is its own frame. A step that returns `k.spin(…)` must not have
 * written anything: it will be run again from its start.
 */
export type Step<L extends string = string> = (k: Exec) => Next<L>;

/**
 * What a step may use that stays in its own thread's stack: such a step commutes with every step of the others, so when it is taken tells
 * nothing (a both-mover: Lipton, "Reduction: A Method of Proving Properties of Parallel Programs", CACM 1975). Tallies do not count, since
 * no step reads them.
 */
export type Frame = Pick<Exec, 'get' | 'set' | 'result' | 'call' | 'callThen' | 'ret' | 'count'>;

const inFrames = new WeakSet<Step>();

/** Marks a step that stays in its frame. Executors may take it together with the one before. */
export function inFrame<R extends Next>(step: (k: Frame) => R): (k: Frame) => R {
  inFrames.add(step as Step);
  return step;
}

/** A kernel routine: named labelled steps over a frame of named words. */
export interface Routine {
  readonly name: string;
  /** Index in the program's routine table, given when the kernel is put together; -1 before. */
  id: number;
  /** Arguments first, then locals, in frame order. */
  readonly vars: readonly string[];
  readonly labels: readonly string[];
  readonly steps: readonly Step[];
  readonly labelIndex: ReadonlyMap<string, number>;
  /** A bit for each step that is known to stay in its frame; none where there are more steps than {@link MOST_BITS}. */
  readonly inFrame: number;
}

const MOST_BITS = 31;

/**
 * Writes down a routine.
 *
 * `vars` are the frame's words, arguments first: a caller's arguments fill them from the front and
 * the rest start at 0. `body` gets the frame slots by name and returns the steps in program order; the keys
 * are the labels, which appear in traces and should be the kernel's own words. Control falls through
 * from one step to the next unless the step returns a label or hands over control. Label names returned by
 * steps are checked by the type system against the keys.
 *
 * The form follows PlusCal's labels (Lamport, "The PlusCal Algorithm Language"): one label, one atomic action.
 */
export function routine<const V extends string, L extends string>(
  name: string,
  vars: readonly V[],
  body: (v: Readonly<Record<V, number>>) => { readonly [P in L]: Step<NoInfer<L>> },
): Routine {
  const slots = {} as Record<V, number>;
  vars.forEach((v, i) => {
    slots[v] = i;
  });
  const steps = body(slots);
  const labels = Object.keys(steps) as L[];
  if (labels.length === 0) throw new RangeError(`routine ${name} has no steps`);
  return {
    name,
    id: -1,
    vars,
    labels,
    steps: labels.map((l) => steps[l] as Step),
    labelIndex: new Map(labels.map((l, i) => [l, i])),
    inFrame: frameBits(labels.map((l) => steps[l] as Step)),
  };
}

function frameBits(steps: readonly Step[]): number {
  if (steps.length > MOST_BITS) return 0;
  return steps.reduce((bits, step, at) => (inFrames.has(step) ? bits | (1 << at) : bits), 0);
}
