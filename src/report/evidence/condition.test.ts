import { describe, expect, test } from 'vitest';
import type { ReportKernel } from '../model.ts';
import { conditionIn, conditionText } from './condition.ts';

function kernel(id: string, config: Record<string, string>): ReportKernel {
  return { id, edition: 'v7.0', config, lockPresent: true, cells: [id] };
}
const kernels = [
  kernel('a', { SMP: 'y', PER_VMA_LOCK: 'y', NET: 'y', HZ: '100' }),
  kernel('b', { SMP: 'n', PER_VMA_LOCK: 'n', NET: 'y', HZ: '250' }),
  kernel('c', { SMP: 'y', PER_VMA_LOCK: 'y', NET: 'n', HZ: '300' }),
  { ...kernel('other', {}), edition: 'v6.12' },
];
const told = (values: Record<string, string>) =>
  conditionIn({ kernels }, 'v7.0', (id) => values[id]!);

describe('the condition of a value', () => {
  test('names the options that decide it, not those that only happen to split further', () => {
    const condition = told({ a: 'real', b: 'stub', c: 'real' });
    expect(condition).toEqual({
      kind: 'option',
      symbols: ['SMP', 'PER_VMA_LOCK'],
      values: [
        { value: 'y', leadsTo: 'real' },
        { value: 'n', leadsTo: 'stub' },
      ],
    });
    expect(conditionText(condition, 'v7.0')).toBe(
      'in v7.0 SMP decides: SMP=y: real; SMP=n: stub (PER_VMA_LOCK goes with it in these kernels)',
    );
  });

  test('is none where all kernels of the edition agree', () => {
    expect(told({ a: 'real', b: 'real', c: 'real' })).toEqual({ kind: 'always', kernels: 3 });
  });

  test('is not guessed where no option tells', () => {
    const mixed = [
      kernel('a', { SMP: 'y', NET: 'y' }),
      kernel('b', { SMP: 'n', NET: 'y' }),
      kernel('c', { SMP: 'y', NET: 'n' }),
      kernel('d', { SMP: 'n', NET: 'n' }),
    ];
    const both = conditionIn({ kernels: mixed }, 'v7.0', (id) => (id === 'a' ? 'real' : 'stub'));
    expect(both).toEqual({ kind: 'several', kernels: 4 });
  });
});
