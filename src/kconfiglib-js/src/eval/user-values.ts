import type { Evaluator } from './evaluator.ts';
import type { ChoiceProgram } from './program.ts';

/** User values at one moment, with the order in which members of choices were set. See `Config.userValues`. */
export class UserValues {
  /** Symbols remembered one by one; undefined where all are. */
  readonly #ids: readonly number[] | undefined;
  readonly #user: Uint8Array;
  readonly #text: readonly (string | undefined)[];
  readonly #orders: ReadonlyMap<number, readonly number[] | undefined>;
  readonly #retracted: ReadonlyMap<number, number>;

  /** @internal */
  constructor(ev: Evaluator, ids?: readonly number[]) {
    this.#retracted = new Map(ev.retracted);
    if (!ids) {
      this.#user = ev.user.slice();
      this.#text = ev.userText.slice();
      this.#orders = new Map(ev.order.entries());
      return;
    }
    const { slot, choice, choices } = ev.program;
    const groups = new Set(ids.map((id) => choice[id] as number).filter((group) => group >= 0));
    // Setting a member may take from the choice what it was set to itself.
    const owners = [...groups].map((group) => (choices[group] as ChoiceProgram).id);
    const own = [...new Set([...ids, ...owners])];
    this.#ids = own;
    this.#user = Uint8Array.from(own, (id) => ev.user[id] as number);
    this.#text = own.map((id) => ev.userText[slot[id] as number]);
    this.#orders = new Map([...groups].map((group) => [group, ev.order[group]]));
  }

  /** @internal */
  putBack(ev: Evaluator): void {
    if (this.#ids) this.#putBackSome(ev, this.#ids);
    else {
      ev.user.set(this.#user);
      ev.userText.splice(0, ev.userText.length, ...(this.#text as string[]));
      ev.invalidateAll();
    }
    for (const [group, order] of this.#orders) if (order) ev.order[group] = order;
    ev.retracted.clear();
    for (const [group, id] of this.#retracted) ev.retracted.set(group, id);
  }

  #putBackSome(ev: Evaluator, ids: readonly number[]): void {
    for (const [i, id] of ids.entries()) {
      ev.invalidate(id);
      ev.user[id] = this.#user[i] as number;
      const slot = ev.program.slot[id] as number;
      if (slot >= 0) ev.userText[slot] = this.#text[i] as string;
    }
  }
}
