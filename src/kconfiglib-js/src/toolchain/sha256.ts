const START = new Uint32Array(8);
const ROUND = new Uint32Array(64);

/** The first 32 bits of the fractional parts of the square roots of 8 primes and of the cube roots of 64. */
function findConstants(): void {
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) prime &&= n % d !== 0;
    if (!prime) continue;
    if (found < 8) START[found] = (Math.sqrt(n) % 1) * 2 ** 32;
    ROUND[found++] = (Math.cbrt(n) % 1) * 2 ** 32;
  }
}

/**
 * SHA-256 of a text in UTF-8, as hexadecimal digits (FIPS 180-4). Node has it too, but to load its module takes longer
 * than to name all commands of a kernel.
 */
export function sha256(text: string): string {
  if (ROUND[0] === 0) findConstants();
  const length = Buffer.byteLength(text);
  const bytes = Buffer.alloc(((length + 72) >> 6) << 6);
  bytes.write(text);
  bytes[length] = 0x80;
  bytes.writeUInt32BE(Math.floor(length / 2 ** 29), bytes.length - 8);
  bytes.writeUInt32BE((length << 3) >>> 0, bytes.length - 4);
  const state = Int32Array.from(START);
  const w = new Int32Array(64);
  for (let at = 0; at < bytes.length; at += 64) addBlock(state, bytes, at, w);
  let hex = '';
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, '0');
  return hex;
}

function addBlock(state: Int32Array, bytes: Buffer, at: number, w: Int32Array): void {
  for (let i = 0; i < 16; i++) w[i] = bytes.readInt32BE(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15] as number;
    const b = w[i - 2] as number;
    const low = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const high = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    w[i] = ((w[i - 16] as number) + low + (w[i - 7] as number) + high) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + high + ((e & f) ^ (~e & g)) + (ROUND[i] as number) + (w[i] as number)) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries())
    state[i] = ((state[i] as number) + value) | 0;
}
