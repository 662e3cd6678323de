/** The layout engine against gcc: random structures, compiled for both ABIs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { aggregates, declaration } from './arbitrary.test-util.ts';
import { type AggregateType, I386, layoutOf, X86_64 } from './c-layout.ts';

const dir = mkdtempSync(join(tmpdir(), 'c-layout-'));
afterAll(() => rmSync(dir, { recursive: true }));

const COUNT = 300;
const compiles = (flag: string): boolean =>
  spawnSync('gcc', [flag, '-x', 'c', '-S', '-o', '-', '/dev/null']).status === 0;

describe.each([
  { abi: X86_64, flag: '-m64' },
  { abi: I386, flag: '-m32' },
])('gcc $flag', ({ abi, flag }) => {
  it(`lays ${COUNT} random structures out as the engine does`, (context) => {
    if (!compiles(flag)) {
      console.warn(
        `SKIPPED: no gcc that takes ${flag}; the ${abi.name} layouts were NOT compared with a compiler`,
      );
      context.skip();
    }
    const types = fc.sample(fc.oneof(aggregates('struct'), aggregates('union')), COUNT);
    expect(compile(types, flag)).toEqual(types.map((type) => numbersOf(type)));
  });

  const numbersOf = (type: AggregateType): number[] => {
    const { size, align, fields } = layoutOf(type, abi);
    return [size, align, ...fields.flatMap((f) => [f.offset, f.size])];
  };
});

/** sizeof, alignment, then offset and size of each member, of every type: read back from the assembly. */
function compile(types: readonly AggregateType[], flag: string): number[][] {
  const text = types.map((type, i) => {
    const parts = type.members.flatMap((m) => [
      `__builtin_offsetof(T${i}, ${m.name})`,
      `sizeof(((T${i} *)0)->${m.name})`,
    ]);
    // _Alignof a structure is its alignment wherever it lies, unlike __alignof__ a long long on i386.
    const numbers = [`sizeof(T${i})`, `_Alignof(T${i})`, ...parts];
    return [
      `typedef ${declaration(type, `T${i}`)};`,
      `void f${i}(void) {`,
      ...numbers.map((n) => `  __asm__ volatile("@${i} %c0" : : "i"(${n}));`),
      '}',
    ].join('\n');
  });
  const source = join(dir, `t${flag}.c`);
  writeFileSync(source, text.join('\n'));
  const assembly = execFileSync('gcc', [flag, '-w', '-O0', '-S', '-o', '-', source], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const found: number[][] = types.map(() => []);
  for (const [, i, n] of assembly.matchAll(/@(\d+) (\d+)/g)) found[Number(i)]!.push(Number(n));
  return found;
}
