/** Many texts as one, with the places where each begins. */
export class TextPacker {
  readonly #parts: string[] = [];
  readonly #starts: number[] = [0];
  #length = 0;

  add(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    this.#starts.push(this.#length);
  }

  get text(): string {
    return this.#parts.join('');
  }

  get starts(): Int32Array {
    return Int32Array.from(this.#starts);
  }
}
