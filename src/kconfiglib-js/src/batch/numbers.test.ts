import { expect, it } from 'vitest';
import { STEP } from '../eval/listing.ts';
import { TRAIT } from '../eval/program.ts';
import { E, MOD, NO, YES } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';
import * as numbers from './wasm/numbers.ts';

it('numbers kinds, types, traits and steps in WebAssembly as in JavaScript', () => {
  const { STEP_SYMBOL, STEP_END, ...rest } = numbers;
  expect({ SYMBOL: STEP_SYMBOL, END: STEP_END }).toEqual({ SYMBOL: STEP.SYMBOL, END: STEP.END });
  expect({ ...E, ...TYPE, ...TRAIT, NO, MOD, YES }).toMatchObject(rest);
});
