import { describe, expect, it } from 'vitest';
import { ParsedArguments } from './arguments.ts';
import { Interrupted } from './interrupted.ts';
import { exit, wantsColour } from './io.ts';
import { reportError } from './report-error.ts';
import { run } from './test-io.test-util.ts';

describe('help', () => {
  it.each(['run', 'diff', 'resolve', 'why', 'simulate', 'record-toolchain', 'schema', 'help'])(
    'of %s is the same both ways',
    async (name) => {
      const { code, out, err } = await run([name, '--help']);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatchSnapshot();
      expect(await run(['help', name])).toEqual({ code, out, err });
    },
  );

  it('lists the commands', async () => {
    const { code, out, err } = await run(['--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchSnapshot();
    expect(await run(['help'])).toEqual({ code, out, err });
  });

  it('has an example of every command and no line over 100 columns', async () => {
    for (const name of [
      'run',
      'diff',
      'resolve',
      'why',
      'simulate',
      'record-toolchain',
      'schema',
      'help',
    ]) {
      const { out } = await run(['help', name]);
      expect(out).toContain(`  kmatrix ${name}`);
      expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    }
  });

  it('lists what a workload can be made of, and asks for one to run', async () => {
    const { code, out } = await run(['simulate', '--list-operations']);
    expect(code).toBe(0);
    expect(out).toContain('| `mremap` | `at`, `pages`, `new_pages`, `flags` = [], `to` = none |');
    const { code: none, err } = await run(['simulate']);
    expect([none, err]).toEqual([exit.input, expect.stringContaining('needs a workload')]);
  });

  it('says the version', async () => {
    const { code, out } = await run(['--version']);
    expect(code).toBe(0);
    expect(out).toMatch(/^kmatrix \d+\.\d+\.\d+\n$/);
  });
});

describe('what goes wrong', () => {
  const lines: string[] = [];
  const io = {
    stdout: { write: () => {} },
    stderr: { write: (text: string) => lines.push(text) },
    stdin: {},
    cwd: '/',
    env: {},
  };
  const report = (error: unknown, more: object = {}): [number, string] => {
    lines.length = 0;
    const code = reportError(error, ['run', 'a file'], { ...io, ...more });
    return [code, lines.join('')];
  };

  it('is our fault where nobody else is to blame, and says how to report it', () => {
    const [code, text] = report(new Error('a bug'));
    expect(code).toBe(exit.fault);
    expect(text).toMatch(
      /^kmatrix: internal error: a bug\n.*\n {2}command: kmatrix run 'a file'\n {2}kmatrix \S+, node v\S+, \S+ \S+\n.*\n$/,
    );
    expect(text).not.toContain('main.test.ts');
  });

  it('comes with the stack where asked for', () => {
    expect(report(new Error('a bug'), { env: { KMATRIX_DEBUG: '1' } })[1]).toContain(
      'main.test.ts',
    );
  });

  it('is no fault where the reader went away', () => {
    expect(report(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toEqual([0, '']);
  });

  it('is what the user wanted after Ctrl-C', () => {
    const signal = AbortSignal.abort();
    expect(report(signal.reason, { signal })).toEqual([exit.interrupted, 'interrupted\n']);
    const args = new ParsedArguments([], new Map());
    const how = new Interrupted('stopped after 2 of 3 cells', args, signal.reason);
    expect(report(how, { signal })).toEqual([
      exit.interrupted,
      'interrupted: stopped after 2 of 3 cells; what is done is in the cache\n',
    ]);
  });

  it('never sends a terminal what it would obey', () => {
    expect(report(new Error('\x1b]0;title\x07'))[1]).toContain('\\x1b]0;title\\x07');
  });
});

describe('colour', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('terminal %s, environment %j: %s', (isTTY, env, expected) => {
    const output = { write: () => {}, isTTY };
    expect(wantsColour(output, { stdout: output, stderr: output, stdin: {}, cwd: '', env })).toBe(
      expected,
    );
  });
});

describe('schema', () => {
  it.each([[], ['report'], ['diff'], ['measurement']])('of %s is JSON', async (...names) => {
    const { code, out } = await run(['schema', ...names.flat()]);
    expect(code).toBe(0);
    expect(JSON.parse(out).$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  });
});
