import { expect, test } from 'vitest';
import { kconfigOperands } from './kconfig-operands.test-util.ts';

test('words of statements are operands, those of prose, quotes and macros are none', () => {
  const text = [
    'config A',
    '\tbool "if QUOTED" if B # C',
    '\tdefault y if D && \\',
    '\t\t(E || !F)',
    '    depends on G = "H"',
    '\tselect I if $(ok,J,$(inner,K)) && L',
    '\thelp',
    '\t  if you say M here',
    '',
    '\t  depends on N',
    'if O',
    'default := P',
    'menu "depends on Q"',
    '\tvisible if R',
  ];
  const found = [...kconfigOperands(text.join('\n'))].map(([line, words]) => [
    line,
    [...words].filter((word) => /^[A-Z]$/.test(word)).join(''),
  ]);
  expect(found).toEqual([
    [2, 'B'],
    [3, 'D'],
    [4, 'EF'],
    [5, 'G'],
    [6, 'IL'],
    [11, 'O'],
    [13, ''],
    [14, 'R'],
  ]);
});
