import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, textOf } from './byte-text.ts';

it('gives back any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(Buffer.from(bytesOf(textOf(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
});

it('is UTF-8 for what is that, both ways', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(Buffer.from(bytesOf(text))).toEqual(Buffer.from(text));
      expect(textOf(Buffer.from(text))).toBe(text);
    }),
  );
});

it('keeps bytes beside characters that were added', () => {
  expect(Buffer.from(bytesOf(`# ${textOf(Buffer.from([0x50, 0xe4]))} \u{1f600}\n`))).toEqual(
    Buffer.concat([Buffer.from('# P'), Buffer.from([0xe4]), Buffer.from(' \u{1f600}\n')]),
  );
});
