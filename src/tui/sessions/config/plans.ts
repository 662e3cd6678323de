import { type Config, type Plan, planning } from 'kconfiglib-js';

/** How long to search at most, about in milliseconds. Whoever waits can stop before. */
const EFFORT = 20_000;

/** A question to the planner, and what is known of the answer. */
export interface PlanState {
  readonly name: string;
  readonly wanted: string;
  /** Undefined while it is being searched for. */
  readonly found?: Plan;
  readonly stopped?: boolean;
}

/** What would give symbols other values, as far as it was asked for. Answers hold for one version of the values. */
export class Plans {
  readonly #of: { readonly config: Config; readonly version: number };
  readonly #known = new Map<string, PlanState>();
  #version = 0;
  /** Grows with everything that becomes known. */
  revision = 0;
  #stopped = false;

  constructor(of: { readonly config: Config; readonly version: number }) {
    this.#of = of;
  }

  /** What is known; undefined if it was not asked for. */
  get(name: string, wanted: string): PlanState | undefined {
    this.#forgetOld();
    return this.#known.get(keyOf(name, wanted));
  }

  /** Search in slices of some milliseconds, on a copy of the values as they are now. */
  *search(name: string, wanted: string): Generator<void, void> {
    this.#forgetOld();
    const asked = this.#version;
    this.#stopped = false;
    this.#set({ name, wanted });
    const run = planning(this.#of.config.fork(), name, wanted, { effort: EFFORT });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) {
        if (asked === this.#version) this.#set({ name, wanted, found: step.value });
        return;
      }
      yield;
      // Of values that are no longer there nobody needs an answer.
      if (this.#stopped || asked !== this.#of.version) return;
    }
  }

  /** Give up all searches under way. Were there any. */
  stop(): boolean {
    const open = [...this.#known.values()].filter(({ found, stopped }) => !found && !stopped);
    for (const state of open) this.#set({ ...state, stopped: true });
    this.#stopped = true;
    return open.length > 0;
  }

  #set(state: PlanState): void {
    this.#known.set(keyOf(state.name, state.wanted), state);
    this.revision++;
  }

  #forgetOld(): void {
    if (this.#version === this.#of.version) return;
    this.#version = this.#of.version;
    this.#known.clear();
  }
}

function keyOf(name: string, wanted: string): string {
  return `${name}=${wanted}`;
}
