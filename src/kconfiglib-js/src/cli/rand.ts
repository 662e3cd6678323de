/** glibc's rand(): the same seed gives the same numbers, and so the same random configuration. */
export function glibcRandom(seed: number): () => number {
  const state = new Int32Array(34);
  state[0] = seed === 0 ? 1 : seed;
  for (let i = 1; i < 31; i++) {
    // 16807 * r mod (2^31 - 1), without overflow, in C's signed arithmetic.
    const r = state[i - 1] as number;
    const word = 16807 * (r % 127773) - 2836 * Math.trunc(r / 127773);
    state[i] = word < 0 ? word + 2147483647 : word;
  }
  const ring = Array.from(state.subarray(0, 31), (word) => word | 0);
  let front = 3;
  let rear = 0;
  const next = (): number => {
    const sum = ((ring[front] as number) + (ring[rear] as number)) | 0;
    ring[front] = sum;
    front = (front + 1) % 31;
    rear = (rear + 1) % 31;
    return sum >>> 1;
  };
  for (let i = 0; i < 310; i++) next();
  return next;
}
