/** Where the lines of a text start, and which line an offset lies in. */
export class Lines {
  readonly text: string;
  readonly starts: readonly number[];

  /** `alike` has its lines where this text has them. */
  constructor(text: string, alike?: Lines) {
    this.text = text;
    if (alike) {
      this.starts = alike.starts;
      return;
    }
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    if (starts.at(-1) === text.length && starts.length > 1) starts.pop();
    this.starts = starts;
  }

  get count(): number {
    return this.starts.length;
  }

  /** Number of the line an offset lies in, from 1. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Text of a line without its end. */
  line(number: number): string {
    const start = this.starts[number - 1] ?? this.text.length;
    const next = this.starts[number];
    let end = next === undefined ? this.text.length : next - 1;
    if (this.text.charCodeAt(end - 1) === 0x0a) end--;
    if (this.text.charCodeAt(end - 1) === 0x0d) end--;
    return this.text.slice(start, Math.max(start, end));
  }
}
