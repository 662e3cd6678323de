import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TYPE } from '../menu/model.ts';
import { compareOperands, compareText, compareValues, operandOf } from './text-value.ts';

const text = fc.oneof(
  fc.nat().map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.nat().map((n) => `0x${n.toString(16)}`),
  fc.nat().map((n) => `0${n.toString(8)}`),
  fc.constantFrom('', 'a', 'y', 'm', 'n', '0', '-0', '1 ', '+1', '999999999999999'),
);
const type = fc.constantFrom(TYPE.UNKNOWN, TYPE.INT, TYPE.HEX, TYPE.STRING);

it('plain numbers are compared as all others are', () => {
  fc.assert(
    fc.property(type, text, type, text, (typeA, a, typeB, b) => {
      const slow =
        typeA === TYPE.STRING && typeB === TYPE.STRING
          ? compareText(a, b)
          : compareOperands(operandOf(typeA, a), operandOf(typeB, b));
      expect(Math.sign(compareValues(typeA, a, typeB, b))).toBe(slow);
    }),
    { numRuns: 2000 },
  );
});
