import { describe, expect, it } from 'vitest';
import { structsOf } from './structs-of.test-util.ts';

const asked = (options: Record<string, string>, tree: '6.12' | '7.0' = '7.0') =>
  structsOf(options, { tree, lock: 'absent' }).asked;

describe('registerLayouts', () => {
  it('refuses a lock the tree does not have', () => {
    expect(() => structsOf({}, { tree: '6.12', lock: 'refcount' })).toThrow(RangeError);
    expect(() => structsOf({}, { tree: '7.0', lock: 'rwsem' })).toThrow(RangeError);
  });

  it('registers vma_lock only where VMAs point to one', () => {
    const names = (lock: 'rwsem' | 'absent') => structsOf({}, { tree: '6.12', lock }).structs;
    expect(names('rwsem').has('vma_lock')).toBe(true);
    expect(names('absent').has('vma_lock')).toBe(false);
  });

  it('asks only for options that can matter', () => {
    const on32 = asked({});
    expect(on32).toContain('X86_PAE');
    for (const option of ['BROADCAST_TLB_FLUSH', 'IA32_EMULATION', 'ADDRESS_MASKING']) {
      expect(on32).not.toContain(option);
      expect(asked({ '64BIT': 'y' })).toContain(option);
    }
    expect(asked({ '64BIT': 'y' })).not.toContain('X86_PAE');
    for (const option of ['SCHED_MM_CID', 'HOTPLUG_CPU', 'X86_L1_CACHE_SHIFT']) {
      expect(on32).not.toContain(option);
      expect(asked({ SMP: 'y' })).toContain(option);
    }
    expect(on32).not.toContain('NUMA_BALANCING');
    expect(asked({ NUMA: 'y' })).toContain('NUMA_BALANCING');
    expect(on32).not.toContain('PER_VMA_LOCK');
  });

  it('takes the cache line from the configuration, else from the default processor', () => {
    const lineOf = (options: Record<string, string>) =>
      structsOf({ SMP: 'y', ...options }, { tree: '6.12', lock: 'absent' }).structs.get(
        'mm_struct',
      )!.align;
    expect(lineOf({ '64BIT': 'y' })).toBe(64);
    expect(lineOf({})).toBe(32);
    expect(lineOf({ X86_L1_CACHE_SHIFT: '7' })).toBe(128);
  });
});
