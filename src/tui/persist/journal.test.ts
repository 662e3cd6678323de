import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournal } from './journal.ts';
import { configHome, stateHome } from './place.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kmatrix-journal-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const DEAD = 4_194_305;
const never = (): boolean => false;

describe('the journal', () => {
  it('gives back the edits of a program that is no more', () => {
    const crashed = createJournal(folder, DEAD);
    crashed.append('/a/.config', { set: 'SMP', to: 'n' });
    crashed.append('/a/.config', 'undo');
    crashed.append('/b/.config', 'other');
    const next = createJournal(folder);
    expect(next.unsaved('/a/.config').map(({ entries }) => entries)).toEqual([
      [{ set: 'SMP', to: 'n' }, 'undo'],
    ]);
    next.discard('/a/.config');
    expect(next.unsaved('/a/.config')).toEqual([]);
    expect(next.unsaved('/b/.config')).toHaveLength(1);
  });

  it('keeps its hands off what a running program edits, and off its own', () => {
    const own = createJournal(folder);
    own.append('x', 1);
    const other = createJournal(folder, process.ppid);
    other.append('x', 2);
    expect(own.unsaved('x')).toEqual([]);
    own.discard('x');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('is gone once saved', () => {
    const journal = createJournal(folder, DEAD);
    journal.append('x', 1);
    journal.clear('x');
    expect(readdirSync(folder)).toEqual([]);
    journal.append('x', 2);
    expect(createJournal(folder).unsaved('x')[0]?.entries).toEqual([2]);
  });

  it('does not take what an earlier process with the same number left for its own', () => {
    createJournal(folder, DEAD).append('x', 'old');
    createJournal(folder, DEAD).append('x', 'new');
    expect(createJournal(folder).unsaved('x')[0]?.entries).toEqual(['new']);
  });

  it('loses at most the entry a crash cut off', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        (all, cut) => {
          const journal = createJournal(folder, DEAD, never);
          for (const entry of all) journal.append('x', entry);
          const [name] = readdirSync(folder);
          const path = join(folder, name!);
          const bytes = readFileSync(path);
          const kept = bytes.subarray(0, cut % (bytes.length + 1));
          writeFileSync(path, kept);
          const found = createJournal(folder, 1, never).unsaved('x')[0]?.entries ?? [];
          const whole = Math.max(0, kept.toString('latin1').split('\n').length - 2);
          const expected = JSON.parse(JSON.stringify(all)) as unknown[];
          expect(found).toEqual(expected.slice(0, found.length));
          expect(found.length).toBeGreaterThanOrEqual(Math.min(whole, all.length));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('goes where nothing was written to it, or nobody came back for it in months', () => {
    createJournal(folder, DEAD).append('recent', 1);
    createJournal(folder, DEAD).append('old', 1);
    const [old] = readdirSync(folder).filter((name) =>
      readFileSync(join(folder, name), 'utf8').includes('"old"'),
    );
    utimesSync(join(folder, old!), 0, 0);
    writeFileSync(join(folder, `0123456789abcdef.${DEAD}.jsonl`), '{"document":"x","since":1}\n');
    const journal = createJournal(folder);
    journal.append('own', 1);
    journal.append('own', 2);
    expect(readdirSync(folder)).toHaveLength(2);
    expect(journal.unsaved('recent')).toHaveLength(1);
    expect(journal.unsaved('old')).toEqual([]);
  });

  it('does not stop the editing where it cannot write', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    const journal = createJournal(join(path, 'below'));
    expect(() => journal.append('x', 1)).not.toThrow();
    expect(journal.unsaved('x')).toEqual([]);
  });
});

it('finds its folders by the XDG rules', () => {
  expect(stateHome({ XDG_STATE_HOME: '/s', HOME: '/h' })).toBe('/s/kmatrix');
  expect(stateHome({ XDG_STATE_HOME: 'relative', HOME: '/h' })).toBe('/h/.local/state/kmatrix');
  expect(configHome({ HOME: '/h' })).toBe('/h/.config/kmatrix');
  expect(configHome({})).toBeNull();
});
