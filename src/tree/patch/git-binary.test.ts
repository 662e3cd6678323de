import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../testing/folder.test-util.ts';
import { binaryApplied } from './git-binary.ts';
import { parsePatches } from './parse-patch.ts';

const hasGit = spawnSync('git', ['--version']).status === 0;

/** What git writes of two files that are no text. */
function gitDiff(before: Buffer, after: Buffer): string {
  const folder = folderOf({});
  writeFileSync(join(folder, 'a'), before);
  writeFileSync(join(folder, 'b'), after);
  const options = ['diff', '--no-index', '--binary', '--no-renames', '--', 'a', 'b'];
  return spawnSync('git', options, { cwd: folder }).stdout.toString('latin1');
}

/** A file with pieces of the other in it, so that git tells how one is made of the other. */
const files = fc
  .tuple(
    fc.uint8Array({ minLength: 1000, maxLength: 3000, size: 'max' }),
    fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 50 }),
        fc
          .tuple(fc.nat(500), fc.integer({ min: 800, max: 3000 }))
          .map(([from, to]) => [from, to] as const),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([bytes, parts]) => {
    const before = Buffer.concat([Buffer.from([0]), bytes]);
    const pieces = parts.map((part) =>
      part instanceof Uint8Array ? Buffer.from(part) : before.subarray(part[0], part[1]),
    );
    return [before, Buffer.concat([Buffer.from([0]), ...pieces])] as const;
  });

describe.runIf(hasGit)('binary changes', () => {
  it('give what git made them of', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(files, ([before, after]) => {
        fc.pre(!before.equals(after));
        const binary = parsePatches(gitDiff(before, after), 'p')[0]?.files[0]?.binary;
        kinds.add(binary?.kind ?? 'none');
        expect(binary && binaryApplied(binary, before.toString('latin1'))).toBe(
          after.toString('latin1'),
        );
      }),
      { numRuns: 60, seed: 5 },
    );
    expect([...kinds].sort()).toEqual(['delta', 'literal']);
  });

  it('are refused by another file, and if they are not whole', () => {
    const before = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i) & 255));
    const after = Buffer.concat([before, Buffer.from('\0more')]);
    const binary = parsePatches(gitDiff(before, after), 'p')[0]!.files[0]!.binary!;
    const ours = before.toString('latin1');
    expect(binary.kind).toBe('delta');
    expect(binaryApplied(binary, ours)).toBe(after.toString('latin1'));
    expect(binaryApplied(binary, `${ours}x`)).toBeUndefined();
    expect(binaryApplied({ ...binary, size: binary.size + 1 }, ours)).toBeUndefined();
    const [first = '', ...rest] = binary.lines;
    expect(
      binaryApplied({ ...binary, lines: [first.slice(0, -1), ...rest] }, ours),
    ).toBeUndefined();
    expect(binaryApplied({ ...binary, lines: [` ${first}`, ...rest] }, ours)).toBeUndefined();
    expect(binaryApplied({ ...binary, lines: ['zzzzzz'] }, ours)).toBeUndefined();
  });
});

it('what unpacks to more than any source is refused', () => {
  const packed = deflateSync(Buffer.alloc(70 << 20));
  const digits =
    '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
  const lines: string[] = [];
  for (let at = 0; at < packed.length; at += 52) {
    const part = Buffer.alloc(52);
    const length = packed.copy(part, 0, at);
    let text = String.fromCharCode(length > 26 ? 0x60 + length - 26 : 0x40 + length);
    for (let word = 0; word < length; word += 4) {
      let five = '';
      for (
        let number = part.readUInt32BE(word), i = 0;
        i < 5;
        i++, number = Math.floor(number / 85)
      ) {
        five = digits[number % 85] + five;
      }
      text += five;
    }
    lines.push(text);
  }
  expect(binaryApplied({ kind: 'literal', size: 70 << 20, lines }, '')).toBeUndefined();
});
