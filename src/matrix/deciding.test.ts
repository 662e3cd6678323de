import { expect, test } from 'vitest';
import type { Surface } from '../kernel/index.ts';
import { WhatIf } from './deciding.ts';
import { kernelStage } from './kernel-stage.ts';
import type { KernelStage } from './stage.ts';

const edition = kernelStage.editions[0]!;
let made = 0;

/** Kernels that have a function only with both A and B. */
const stage: KernelStage = {
  ...(kernelStage as unknown as KernelStage),
  instantiate(_, config) {
    made++;
    const real = config.get('A') === 'y' && config.get('B') === 'y';
    const functions = real ? [{ name: 'f' }] : [];
    return { relevant: {}, lock: undefined!, surface: { functions } as unknown as Surface };
  },
};
const wanted = ({ functions }: Surface): boolean => functions.some(({ name }) => name === 'f');

test('only what must change of what differs from a kernel that has it', () => {
  const whatIf = new WhatIf(stage, edition);
  const having = { A: 'y', B: 'y', C: 'y', D: 'n' };
  expect(whatIf.deciding({ A: 'n', B: 'y', C: 'n', D: 'n' }, [having], wanted)).toEqual([
    { option: 'A', value: 'n', needed: 'y' },
  ]);
  expect(whatIf.deciding({ A: 'n', B: 'n', C: 'n', D: 'n' }, [having], wanted)).toEqual([
    { option: 'A', value: 'n', needed: 'y' },
    { option: 'B', value: 'n', needed: 'y' },
  ]);
});

test('without such a kernel a single option, or none', () => {
  const whatIf = new WhatIf(stage, edition);
  expect(whatIf.deciding({ A: 'y', B: 'n', C: 'y' }, [], wanted)).toEqual([
    { option: 'B', value: 'n', needed: 'y' },
  ]);
  expect(whatIf.deciding({ A: 'n', B: 'n', C: 'y' }, [], wanted)).toBeUndefined();
});

test('a kernel is made once', () => {
  const whatIf = new WhatIf(stage, edition);
  whatIf.deciding({ A: 'n', B: 'n' }, [], wanted);
  const before = made;
  whatIf.deciding({ A: 'n', B: 'n' }, [], wanted);
  expect(made).toBe(before);
});
