import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  diffCells,
  diffMarkdown,
  diffMatrices,
  EXPORT_FORMATS,
  type ExportFormat,
  exportText,
  type Listing,
  matrixDiffMarkdown,
  reportMarkdown,
  selectCells,
} from '../../report/index.ts';
import type { FileService } from '../services.ts';
import { putReport } from '../sessions/report.ts';
import { createSessions } from '../sessions/session.ts';
import type { Action } from '../state/action.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { CLIPBOARD_BYTES, type ExportEffect, exportRunner } from './export.ts';

const report = fixtureReport();
const [left, right] = report.cells.map(({ id }) => id) as [string, string];
let stored: Map<string, string>;
let written: string;
let ended: AbortController;

beforeEach(() => {
  stored = new Map();
  written = '';
  ended = new AbortController();
});
afterEach(() => ended.abort());

/** What an effect answers; writing to `/readonly` fails. */
async function run(effect: Partial<ExportEffect>): Promise<unknown> {
  const sessions = createSessions();
  putReport(sessions, report);
  const files: FileService = {
    exists: (path) => stored.has(path),
    write: (path, text) => {
      if (path.startsWith('/readonly')) return `cannot write ${path}`;
      stored.set(path, text);
      return null;
    },
  };
  const actions: Action[] = [];
  await exportRunner.run(
    {
      kind: 'export',
      scope: { kind: 'report' },
      format: 'md',
      path: 'a.md',
      overwrite: false,
      ...effect,
    },
    {
      services: { files },
      sessions,
      dispatch: (action) => actions.push(action),
      terminal: {
        redraw: () => {},
        suspend: async () => {},
        exit: () => {},
        write: (bytes) => {
          written += bytes;
        },
      },
      ended: ended.signal,
    },
  );
  const [action] = actions;
  return action?.type === 'answer' ? action.answer.value : null;
}

describe('an export', () => {
  it('writes what the command line would, and never over a file unasked', async () => {
    expect(await run({ scope: { kind: 'report', cells: [left] } })).toMatchObject({
      what: 'saved',
      path: 'a.md',
    });
    expect(stored.get('a.md')).toBe(reportMarkdown(selectCells(report, [left])));
    const scope = { kind: 'diff', left: { cell: left }, right: { cell: right } } as const;
    expect(await run({ scope })).toMatchObject({ what: 'exists', effect: { path: 'a.md' } });
    expect(await run({ scope, overwrite: true })).toMatchObject({ what: 'saved' });
    expect(stored.get('a.md')).toBe(diffMarkdown(diffCells(report, left, right)));
  });

  it('writes two editions compared, and lists as they are on the screen', async () => {
    const editions = { kind: 'editions', left: 'v6.12', right: 'v7.0' } as const;
    await run({ scope: editions });
    const source = report.matrixFile;
    const diff = diffMatrices(
      { report, source, edition: 'v6.12' },
      { report, source, edition: 'v7.0' },
    );
    expect(stored.get('a.md')).toBe(matrixDiffMarkdown(diff));
    const listing: Listing = {
      title: 'cells › one',
      columns: [{ title: 'name' }, { title: 'value', align: 'right' }],
      groups: [
        { title: null, rows: [['A|B', '1']] },
        { title: 'More', rows: [['<b>, "c"', '2']] },
      ],
    };
    const as = (format: ExportFormat): string =>
      exportText({ subject: { kind: 'listing', listing }, format });
    await run({ scope: { kind: 'listing', listing }, format: 'csv', path: 'l.csv' });
    expect(stored.get('l.csv')).toBe('group,name,value\n,A|B,1\nMore,"<b>, ""c""",2\n');
    expect(JSON.parse(as('json'))).toEqual(listing);
    expect(as('md')).toMatch(/^# cells › one\n[\s\S]*A\\\|B[\s\S]*## More/);
    expect(as('html')).toContain('<title>cells › one</title>');
    expect(as('html')).toContain('&#60;b&#62;');
    expect(as('html')).not.toContain('<b>');
    expect(as('mail')).toContain('A|B');
    const subject = { ...editions, report };
    const texts = EXPORT_FORMATS.map((format) => exportText({ subject, format }));
    // A table names what differs, and not what was compared.
    for (const [i, format] of EXPORT_FORMATS.entries())
      expect(texts[i]).toContain(format === 'csv' ? 'layer,subject' : 'v6.12');
  });

  it('copies by OSC 52 what terminals take, and says so of more', async () => {
    const scope = { kind: 'report', cells: [left] } as const;
    expect(await run({ scope, format: 'csv', path: null })).toMatchObject({ what: 'copied' });
    const base64 = /^\u001b\]52;c;([A-Za-z0-9+/=]+)\u0007$/.exec(written)?.[1] ?? '';
    expect(Buffer.from(base64, 'base64').toString()).toMatch(/^cell,edition,status/);
    written = '';
    const large = await run({ format: 'json', path: null });
    expect(JSON.stringify(report).length).toBeLessThan(CLIPBOARD_BYTES * 20);
    expect(large).toMatchObject({ what: 'failed', why: expect.stringContaining('save it') });
    expect(written).toBe('');
  });

  it('says why something was not written', async () => {
    expect(await run({ path: '/readonly/a.md' })).toEqual({
      what: 'failed',
      why: 'cannot write /readonly/a.md',
    });
    const gone = { kind: 'diff', left: { file: 'a' }, right: { cell: right } } as const;
    expect(await run({ scope: gone })).toMatchObject({ what: 'failed' });
  });
});
