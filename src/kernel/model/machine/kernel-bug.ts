/**
 * What ends in an oops: an assertion of the kernel (VM_BUG_ON, WARN_ON) that does not hold, or a NULL pointer it
 * dereferences. A bug of the kernel modelled, or of the model.
 */
export class KernelBug extends Error {
  override name = 'KernelBug';
  /** What is wrong, without the place. */
  readonly what: string;
  /** Model address of the access that no object lies behind; `undefined` for an assertion. */
  readonly address: number | undefined;

  /** @param where thread, routine and label, for the message */
  constructor(what: string, where: string, address?: number) {
    super(`${what} (${where})`);
    this.what = what;
    this.address = address;
  }
}
