import { describe, expect, it } from 'vitest';
import { fixtureResult } from '../fixture.test-util.ts';
import { checkNesting, tagsOf } from '../html/page.test-util.ts';
import {
  buildReport,
  checkSchema,
  compatCsv,
  compatHtml,
  compatMarkdown,
  compatOf,
  compatSchema,
  compatText,
} from '../index.ts';

const report = buildReport(fixtureResult());
const LACKING = 'v7.0:64BIT=y,SMP=n';
const HAVING = 'v7.0:64BIT=y,SMP=y';
const compat = compatOf(report, {
  apis: ['lock_vma_under_rcu', 'vma_end_read', 'vma_start_read_locked', 'vma_start_read_unlocked'],
  callers: ['find_tcp_vma'],
  decide: ({ config }) =>
    config.PER_VMA_LOCK === 'n' ? [{ option: 'PER_VMA_LOCK', value: 'n', needed: 'y' }] : undefined,
});
const api = (name: string) => compat.apis.find((row) => row.name === name);

describe('what an API is good for', () => {
  it('needs a fallback where callers have one, always where it is a stub', () => {
    const { kernels, since, instead } = api('lock_vma_under_rcu')!;
    expect(kernels[HAVING]).toMatchObject({ use: 'with', state: 'real', fallback: 'sometimes' });
    expect(kernels[LACKING]).toMatchObject({
      use: 'with',
      state: 'stub: returns NULL',
      fallback: 'always',
    });
    expect(kernels[LACKING]?.options).toEqual([
      {
        option: 'PER_VMA_LOCK',
        value: 'n',
        needed: 'y',
        why: expect.stringContaining('and SMP is n'),
      },
    ]);
    expect(since).toEqual({
      somewhere: 'v7.0',
      everywhere: 'all-builds-v2',
      withoutFallback: null,
      gone: null,
    });
    expect(instead[0]).toMatchObject({
      code: 'mmap_read_lock and vma_lookup',
      lacking: [],
      callers: [{ caller: 'find_tcp_vma', file: 'net/ipv4/tcp.c' }],
    });
  });

  it('needs none where nobody has one: a stub with nothing to do is as good', () => {
    const { kernels } = api('vma_end_read')!;
    expect(kernels[LACKING]).toMatchObject({ use: 'without', state: 'stub: empty' });
    expect(Object.values(kernels).every(({ use }) => use === 'without')).toBe(true);
  });

  it('cannot be used where it is absent', () => {
    expect(api('vma_start_read_locked')?.kernels[LACKING]).toMatchObject({ use: 'not' });
    expect(api('vma_start_read_locked')?.kernels[HAVING]).toMatchObject({ use: 'without' });
  });

  it('says what those did who lost their fallback when it came', () => {
    const { since, instead } = api('vma_start_read_unlocked')!;
    expect(since).toMatchObject({ somewhere: 'all-builds-v2', withoutFallback: 'all-builds-v2' });
    expect(instead.map(({ code }) => code)).toEqual(['mmap_read_lock and vma_lookup']);
  });

  it('knows a caller by its fallbacks', () => {
    const [row] = compat.callers;
    expect(row?.kernels[HAVING]).toMatchObject({ use: 'with', fallback: 'sometimes' });
    expect(row?.kernels[LACKING]).toMatchObject({ use: 'with', fallback: 'always' });
    expect(row?.kernels['all-builds-v2:64BIT=y,SMP=n']).toMatchObject({ use: 'without' });
  });

  it('refuses a name it does not know, with the nearest it does', () => {
    expect(() => compatOf(report, { apis: ['lock_vma_under_rcv'], callers: [] })).toThrow(
      /no kernel of this matrix has an API "lock_vma_under_rcv"/,
    );
  });
});

describe('its faces', () => {
  it('JSON is as the schema says', () => {
    expect(checkSchema(compatSchema, JSON.parse(JSON.stringify(compat)))).toBeUndefined();
  });

  it.each([
    ['md', compatMarkdown(compat)],
    ['txt', compatText(compat, { width: 78, colour: false })],
    ['csv', compatCsv(compat)],
  ])('%s', async (ending, text) => {
    await expect(text).toMatchFileSnapshot(`../testdata/compat.${ending}`);
  });

  it('a mail has no line of more than 78 columns', () => {
    const lines = compatText(compat, { width: 78, colour: false }).split('\n');
    expect(lines.filter((line) => line.length > 78 && !/^(kmatrix compat|=+$)/.test(line))).toEqual(
      [],
    );
  });

  it('HTML is nested well and says why behind each cell', () => {
    const page = compatHtml(compat);
    checkNesting(tagsOf(page));
    expect(page).toContain('at-lock_vma_under_rcu-v7.0-64BIT-y-SMP-n');
    expect(page).toContain('Write instead: mmap_read_lock and vma_lookup');
  });
});
