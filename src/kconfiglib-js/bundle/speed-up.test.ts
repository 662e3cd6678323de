import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const url = new URL('speed-up.js', import.meta.url).href;
const { speedUp } = (await import(url)) as {
  speedUp(folder: string): { transform(code: string, id: string): { code: string } | null };
};
const folder = mkdtempSync(join(tmpdir(), 'speed-up-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'numbers.js'),
  "export const T = { A: 1, B: -2 };\nexport const N = 0x10 | 1;\nexport const TEXT = { A: 'a' };\n",
);

let modules = 0;
function change(code: string): string {
  const file = join(folder, `module-${modules++}.js`);
  writeFileSync(file, code);
  return speedUp(folder).transform(code, file)?.code ?? code;
}

describe('the bundle', () => {
  it('has numbers where constants are read', () => {
    const from = "import { T as U, N, TEXT } from './numbers.js';\n";
    expect(change(`${from}f(U.A, -U.B, N, TEXT.A, { N: N }, x.N, U.C);`)).toBe(
      `${from}f(1, -(-2), 17, TEXT.A, { N: 17 }, x.N, U.C);`,
    );
    expect(change('const M = 3;\nexport { M };\nf(M, { M });')).toBe(
      'const M = 3;\nexport { M };\nf(3, { M });',
    );
  });

  it('leaves names alone that something else has too', () => {
    const code = "import { N, T } from './numbers.js';\nf((N) => N, ({ T }) => T.A);";
    expect(change(code)).toBe(code);
  });

  it('has no private names', () => {
    expect(change('class A { #x = 1; #f() { return this.#x; } }')).toBe(
      'class A { _x = 1; _f() { return this._x; } }',
    );
    expect(() => change('class A { #x; f(o) { return #x in o; } }')).toThrow('#x in');
    expect(() => change('class A extends B { #x; }')).toThrow('subclass');
    expect(() => change('class A { #x; _x; }')).toThrow('taken');
  });
});
