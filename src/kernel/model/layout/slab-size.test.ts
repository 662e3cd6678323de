import { describe, expect, it } from 'vitest';
import { I386, X86_64 } from './c-layout.ts';
import { slabAlignment, slabObjectSize } from './slab-size.ts';

const packed = (size: number, align: number) => ({ size, align, hwcacheAlign: false });
const lines = (size: number) => ({ size, align: 1, hwcacheAlign: true });

describe('slabObjectSize', () => {
  it('keeps objects of a plain cache at their own alignment, 8 at least', () => {
    expect(slabObjectSize(packed(152, 8), X86_64)).toBe(152);
    expect(slabObjectSize(packed(68, 4), I386)).toBe(72);
  });

  it.each([
    [136, 192],
    [152, 192],
    [192, 192],
    [68, 128],
    [64, 64],
    [33, 64],
    [32, 32],
    [17, 32],
    [16, 16],
    [5, 8],
  ])('rounds %i bytes up to %i in a cache-aligned cache', (size, object) => {
    expect(slabObjectSize(lines(size), X86_64)).toBe(object);
  });

  it('goes by the line of the CPU', () => {
    expect(slabObjectSize(lines(68), I386, 32)).toBe(96);
    expect(slabObjectSize(lines(68), I386, 128)).toBe(128);
  });

  it('does not let the line lower an alignment asked for', () => {
    expect(slabAlignment({ size: 8, align: 64, hwcacheAlign: true }, X86_64)).toBe(64);
  });
});
