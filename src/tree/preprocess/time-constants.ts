/** Bits of a multiplier that stands for a division. */
const BITS = 32n;

/**
 * The text of include/generated/timeconst.h: how ticks are turned into milli-, micro- and nanoseconds and back without
 * a division (kernel/time/timeconst.bc computes it when a kernel is built).
 */
export function timeConstants(hz: number): string {
  const ticks = BigInt(hz);
  const lines: string[] = [];
  const units: readonly (readonly [unit: string, perSecond: bigint])[] = [
    ['MSEC', 1000n],
    ['USEC', 1_000_000n],
    ['NSEC', 1_000_000_000n],
  ];
  for (const [unit, second] of units) {
    for (const [name, to, from] of [
      [`HZ_TO_${unit}`, second, ticks],
      [`${unit}_TO_HZ`, ticks, second],
    ] as const) {
      const common = gcd(to, from);
      lines.push(`${name}_NUM ${to / common}`, `${name}_DEN ${from / common}`);
      if (unit === 'NSEC') continue;
      const shift = shiftFor(to, from);
      const divisor = from / common;
      lines.push(
        `${name}_MUL32 U64_C(0x${multiplier(shift, to, from).toString(16)})`,
        `${name}_ADJ32 U64_C(0x${(((1n << shift) * (divisor - 1n)) / divisor).toString(16)})`,
        `${name}_SHR32 ${shift}`,
      );
    }
  }
  return lines.map((line) => `#define ${line}\n`).join('');
}

/** `to / from` as a multiplier to be shifted right, rounded up. */
function multiplier(shift: bigint, to: bigint, from: bigint): bigint {
  return ((to << shift) + from - 1n) / from;
}

/** The shift with which the multiplier uses all its bits. */
function shiftFor(to: bigint, from: bigint): bigint {
  let shift = 0n;
  while (multiplier(shift, to, from) < 1n << (BITS - 1n)) shift++;
  return shift;
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
