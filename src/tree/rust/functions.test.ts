import { expect, it } from 'vitest';
import { loadParser } from '../c/parser.ts';
import { formulaText } from '../condition/formula.ts';
import { parseCfg } from './cfg.ts';
import { rustFunctions } from './functions.ts';

it.each([
  ['CONFIG_A', 'A!=n'],
  ['CONFIG_A = "m"', 'A=m'],
  ['not(CONFIG_A)', 'A=n'],
  ['all(CONFIG_A="y", any(CONFIG_B, test,))', 'A && (B!=n || test)'],
  ['target_arch = "arm"', 'target_arch = "arm"'],
  ['all(CONFIG_A', 'all(CONFIG_A'],
  ['not(CONFIG_A, CONFIG_B)', 'not(CONFIG_A, CONFIG_B)'],
  ['', ''],
])('cfg(%s) asks %s', (text, condition) => {
  expect(formulaText(parseCfg(text))).toBe(condition);
});

it('reads what functions call, of which object, and under which condition', async () => {
  const text = `
//! fn not() { at.all() }
mod inner {
    impl<'a, T> Deref for lock::Guard<'a, T> {
        #[cfg(CONFIG_A)]
        fn deref(&self) {
            // A comment.
            #[cfg(CONFIG_B)]
            unsafe { bindings::take(self.mm.as_raw(), 1) };
            Self::other(&mut *self.mm);
            (self.first).get(2)?.chain::<u8>(x?).last();
            (self.first)(3);
        }
    }
}
#[cfg(not(CONFIG_A))]
extern "C" fn plain(list: *mut u8) -> Result {
    mac!(hidden.call());
    let x = match vma.lock(3) { Some(x) => x, None => list.map(|y| go(y)) };
}
`;
  const parser = await loadParser('rust');
  const found = rustFunctions(parser, text).map(({ name, type, calls }) => [
    type ?? '',
    name,
    ...calls.map(
      (one) =>
        `${one.line} ${one.isMethod ? '.' : ''}${one.path.join('::')} of ${one.object} if ${formulaText(one.condition)}`,
    ),
  ]);
  expect(found).toEqual([
    [
      'Guard',
      'deref',
      '9 bindings::take of mm if A!=n && B!=n',
      '9 .as_raw of mm if A!=n && B!=n',
      '10 Self::other of mm if A!=n',
      '11 .get of first if A!=n',
      '11 .chain of first if A!=n',
      '11 .last of first if A!=n',
    ],
    ['', 'plain', '19 .lock of vma if A=n', '19 .map of list if A=n', '19 go of y if A=n'],
  ]);
});

it('reads a chain of thousands of calls', async () => {
  const parser = await loadParser('rust');
  const text = `fn f() { a${'.b()'.repeat(20_000)}; }`;
  expect(rustFunctions(parser, text)[0]?.calls.length).toBe(20_000);
});
