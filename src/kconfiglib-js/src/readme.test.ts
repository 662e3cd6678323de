import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as library from './index.ts';

/** The examples of the README share their variables, as a reader would type them one after the other. */
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows what its examples print', () => {
    const code = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]).join('\n');
    const expected = [
      ...code.matchAll(/console\.log\((?:.*)\);(?: \/\/ (.*)|\n\s*\/\/ (.*))/g),
    ].map((m) => m[1] ?? m[2]);
    const printed: string[] = [];
    const body = code.replaceAll(/^import \{ (.*?) \} from 'kconfiglib-js';$/gm, '');
    const names = Object.keys(library);
    const show = (value: unknown): string =>
      typeof value === 'object'
        ? `{ ${Object.entries(value ?? {})
            .map(([k, v]) => `${k}: '${v}'`)
            .join(', ')} }`
        : String(value);
    const run = new Function(...names, 'console', body);
    run(...Object.values(library), {
      log: (...values: unknown[]) => printed.push(values.map(show).join(' ')),
    });
    expect(printed.length).toBeGreaterThan(8);
    expect(printed).toEqual(expected);
  });
});
