import { Pan } from './run-spin.test-util.ts';

/** Compiles each model once, however often it is asked for. */
export class Pans {
  readonly #made = new Map<string, Promise<Pan>>();

  /** @param cycles whether it is to be asked for cycles */
  get(model: string, cycles: boolean): Promise<Pan> {
    const known = this.#made.get(model);
    if (known !== undefined) return known;
    const made = Pan.make(model, cycles, '-O0');
    this.#made.set(model, made);
    return made;
  }

  get count(): number {
    return this.#made.size;
  }

  async remove(): Promise<void> {
    for (const made of this.#made.values()) (await made).remove();
  }
}
