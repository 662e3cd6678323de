import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkSchema, verdictSchema } from '../../../report/index.ts';
import { run } from '../../test-io.test-util.ts';

const dir = mkdtempSync(join(tmpdir(), 'kmatrix-verify-'));
afterAll(() => rmSync(dir, { recursive: true }));
const verify = (...argv: string[]) => run(['verify', ...argv]);

describe('kmatrix verify', () => {
  it('says what holds, and by how many states', async () => {
    const { code, out, err } = await verify('--ops', '1');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^v7\.0, classic: 1 reader, 1 writer with 1 operation each \(modify\), 1 VMA\n\nHOLDS: /,
    );
    expect(out).toMatch(/interleavings are sequentially consistent/);
  });

  it('shows a schedule in columns by thread, with what each step read or wrote and the locks', async () => {
    const { code, out } = await verify('--lookup', 'unlocked-as-posted');
    expect(code).toBe(1);
    const head = /^ *step +reader 0 +writer 0 +locks +words$/m.exec(out)?.[0] ?? '';
    const reader = /^.*vma_start_read\.check_mm_lock_seq.*$/m.exec(out)?.[0] ?? '';
    const writer = /^.*set_vm_lock_seq.*$/m.exec(out)?.[0] ?? '';
    expect(reader.indexOf('vma_start_read')).toBe(head.indexOf('reader 0'));
    expect(writer.indexOf('__vma_start_write')).toBe(head.indexOf('writer 0'));
    expect(writer).toMatch(/mmap_lock W, vma W! +vma#\d+\.vm_lock_seq -1 -> 3$/);
    expect(out).toMatch(/NULL pointer dereference .*\n$/);
  });

  it('writes JSON that fits its schema, which can be walked again', async () => {
    const file = join(dir, 'verdict.json');
    const question = ['--lookup', 'wait', '--property', 'retries', '--ops', 'forever'];
    expect((await verify(...question, '--format', 'json', '--out', file)).code).toBe(1);
    const verdict = JSON.parse(readFileSync(file, 'utf8'));
    expect(checkSchema(verdictSchema, verdict)).toBeUndefined();
    expect(verdict).toMatchObject({ verdict: 'violated', retryBound: 'unbounded' });
    const walked = await verify('--replay', file);
    const steps = verdict.trace.steps.length;
    expect([walked.code, walked.err]).toEqual([0, '']);
    expect(walked.out).toMatch(new RegExp(`^${steps} of ${steps} steps went as written\n`));

    verdict.trace.steps.splice(3, 1);
    writeFileSync(file, JSON.stringify(verdict));
    const bent = await verify('--replay', file);
    expect(bent.code).toBe(1);
    expect(bent.out).toMatch(/step 4: thread \d is at /);
  });

  it('answers the questions of a file as a section of a report', async () => {
    const file = join(dir, 'questions.yaml');
    writeFileSync(
      file,
      `groups:
  - title: Is it killable?
    questions:
      - { edition: v7.0, lookup: [wait, wait-killable], property: killable }
`,
    );
    const { code, out, err } = await verify('--questions', file, '--format', 'md');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^## Verification\n/);
    expect(out).toMatch(/\| `v7\.0` +\| `wait` +\| +1 \| 1: never lets go \| \*\*violated\*\* /);
    expect(out).toMatch(
      /\| `v7\.0` +\| `wait-killable` \| +1 \| 1: never lets go \| \*\*holds\*\* /,
    );
  });

  it('lists the safeguards it can leave out', async () => {
    const { code, out } = await verify('--list-mutants');
    expect(code).toBe(0);
    for (const name of [
      'no-sequence-recheck',
      'no-detach-wait',
      'no-mm-check',
      'no-rcu',
      'no-wake-up',
    ]) {
      expect(out).toMatch(new RegExp(`^${name} +\\S`, 'm'));
    }
  });

  it('ends undecided beyond the states it may visit', async () => {
    const { code, out } = await verify('--max-states', '50');
    expect(code).toBe(1);
    expect(out).toMatch(/^UNDECIDED: not decided beyond 51 states$/m);
  });

  it.each([
    [['--lookup', 'nope'], /--lookup/],
    [['--write', 'remote'], /needs two writers/],
    [['--readers', '20'], /21 threads are too many/],
    [
      ['--edition', 'v6.12', '--mutate', 'no-mm-check'],
      /no-mm-check changes nothing in this kernel/,
    ],
    [['--set', 'SMP=n', '--lookup', 'wait'], /no lock_vma_under_rcu_wait/],
    [['--replay', 'missing.json'], /missing\.json/],
    [['--replay', 'package.json'], /package\.json is no verdict: .*lacks "schemaVersion"/],
  ])('refuses %j', async (argv, message) => {
    const { code, out, err } = await verify(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});
