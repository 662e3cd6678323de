import { inputError } from '../../input/index.ts';
import type { ConfigFile } from './config-sides.ts';

/** How differences of `.config` files are written. */
export interface DiffconfigOptions {
  /** Only what the right file has that is new or other, as lines of a `.config`. */
  readonly merge?: boolean;
}

/**
 * Two `.config` files compared as the kernel's `scripts/diffconfig` does it, byte for byte, so that what reads its output
 * reads this: first what is only on the left, then what changed, then what is only on the right, each by name.
 *
 * @throws InputError on a line that begins with CONFIG_ and assigns nothing, which the script dies of
 */
export function diffconfig(
  left: ConfigFile,
  right: ConfigFile,
  { merge = false }: DiffconfigOptions = {},
): string {
  const [a, b] = [valuesIn(left), valuesIn(right)];
  const names = (of: ReadonlyMap<string, string>, wanted: (name: string) => boolean): string[] =>
    [...of.keys()].filter(wanted).sort(byCodePoint);
  const line = merge ? mergeLine : plainLine;
  return [
    ...names(a, (name) => !b.has(name)),
    ...names(a, (name) => b.has(name) && a.get(name) !== b.get(name)),
    ...names(b, (name) => !a.has(name)),
  ]
    .map((name) => line(name, a.get(name), b.get(name)))
    .join('');
}

const NOT_SET = ' is not set';

/** The last character of each line goes, be it the line feed or not: of a file cut short the script loses it. */
function valuesIn({ name: file, text }: ConfigFile): Map<string, string> {
  const values = new Map<string, string>();
  const lines = text.replace(/\r\n?/g, '\n').match(/[^\n]*\n|[^\n]+$/g) ?? [];
  for (const [i, whole] of lines.entries()) {
    const points = [...whole];
    const line = points.slice(0, -1).join('');
    if (line.startsWith('CONFIG_')) {
      const equals = line.indexOf('=');
      if (equals < 0)
        throw inputError('config-syntax', `${file}:${i + 1}: no "=" after the name of an option`);
      values.set(line.slice('CONFIG_'.length, equals), line.slice(equals + 1));
    }
    if (line.endsWith(NOT_SET)) {
      // Counted in code points, whatever stands where "# CONFIG_" should.
      const name = points.slice('# CONFIG_'.length, -1 - NOT_SET.length).join('');
      values.set(name, 'n');
    }
  }
  return values;
}

function plainLine(name: string, left: string | undefined, right: string | undefined): string {
  if (right === undefined) return `-${name} ${left}\n`;
  return left === undefined ? `+${name} ${right}\n` : ` ${name} ${left} -> ${right}\n`;
}

function mergeLine(name: string, _: string | undefined, right: string | undefined): string {
  if (right === undefined || right === '') return '';
  return right === 'n' ? `# CONFIG_${name} is not set\n` : `CONFIG_${name}=${right}\n`;
}

/** Python's order of texts: UTF-16 puts what is beyond its first plane before some that is not. */
function byCodePoint(a: string, b: string): number {
  const [p, q] = [[...a], [...b]];
  for (let i = 0; i < p.length && i < q.length; i++) {
    const difference = (p[i]?.codePointAt(0) ?? 0) - (q[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return p.length - q.length;
}
