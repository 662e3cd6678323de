import fc from 'fast-check';
import { type Kconfig, type MenuNode, parse } from 'kconfiglib-js';
import { describe, expect, it } from 'vitest';
import { memoryFiles, sessionOver, shippedKconfig } from '../../testing/shipped-config.ts';
import type { Op } from './op.ts';
import { isOp, othersOf } from './op.ts';

const kconfig = shippedKconfig();
const names = [...kconfig.symbols].filter(({ defined }) => defined).map(({ name }) => name);
const settable = names.filter((name) =>
  kconfig.symbols.get(name)!.properties.some(({ kind }) => kind === 'prompt'),
);

/** Anything that can be done, refused or not. */
function ops(): fc.Arbitrary<Op[]> {
  const name = fc.constantFrom(...settable);
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('n', 'm', 'y') },
    { weight: 1, arbitrary: fc.constantFrom('0', '8', '64', '99999', '0x40', 'text') },
  );
  const set = fc.record({ do: fc.constant('set' as const), name, value });
  const unset = fc.record({ do: fc.constant('unset' as const), name });
  const load = fc
    .array(fc.tuple(name, value), { maxLength: 4 })
    .map((lines) => lines.map(([left, right]) => `CONFIG_${left}=${right}\n`).join(''))
    .map((text) => ({ do: 'load' as const, file: 'some.config', text }));
  const step = fc.constantFrom({ do: 'undo' as const }, { do: 'redo' as const });
  const one: fc.Arbitrary<Op> = fc.oneof(
    { weight: 8, arbitrary: set },
    { weight: 2, arbitrary: unset },
    { weight: 1, arbitrary: load },
    { weight: 3, arbitrary: step },
  );
  return fc.array(one, { minLength: 1, maxLength: 25, size: 'max' });
}

/** A session that begins with several processors. */
function withSmp(files = memoryFiles()): ReturnType<typeof sessionOver> {
  const config = kconfig.config();
  config.set('SMP', 'y');
  return sessionOver(kconfig, { config, files });
}

describe('a session', () => {
  it('has nothing left to make for a reason or a plan once it is warm', () => {
    const fresh = shippedKconfig();
    const session = sessionOver(fresh);
    expect(fresh.isDraft).toBe(true);
    for (const _ of session.warmUp()) expect(fresh.isDraft).toBe(false);
    const { program } = session.config.evaluator;
    session.config.why('SMP');
    for (const _ of session.plans.search('SMP', 'y')) expect(fresh.program).toBe(program);
    expect(session.config.evaluator.program).toBe(program);
  });

  it('comes back to its first bytes by undoing, and to its last by doing again', () => {
    let changing = 0;
    fc.assert(
      fc.property(ops(), (all) => {
        const session = sessionOver(kconfig);
        const texts = new Map([[0, session.text('config')]]);
        for (const op of all) {
          const outcome = session.do(op);
          if (outcome.ok && outcome.changed.length > 0) changing++;
          texts.set(session.undoable, session.text('config'));
        }
        const last = session.undoable;
        for (let at = last; at > 0; at--) {
          expect(session.text('config')).toBe(texts.get(at));
          expect(session.do({ do: 'undo' }).ok).toBe(true);
        }
        expect(session.text('config')).toBe(texts.get(0));
        expect(session.dirty).toBe(false);
        for (let at = 1; at <= last; at++) {
          expect(session.do({ do: 'redo' }).ok).toBe(true);
          expect(session.text('config')).toBe(texts.get(at));
        }
      }),
      { numRuns: 60 },
    );
    expect(changing).toBeGreaterThan(30);
  });

  it('is in the same state after a crash, with all of its history', () => {
    fc.assert(
      fc.property(ops(), (all) => {
        const journal: Op[] = [];
        const session = sessionOver(kconfig, {
          journal: { append: (op) => journal.push(op), clear: () => (journal.length = 0) },
        });
        for (const op of all) session.do(op);
        const next = sessionOver(kconfig, { pending: [...journal] });
        next.recover(true);
        expect(next.text('config')).toBe(session.text('config'));
        expect([next.undoable, next.redoable]).toEqual([session.undoable, session.redoable]);
      }),
      { numRuns: 40 },
    );
  });

  it('is in the same state after a crash, also where what is saved was undone or done again since', () => {
    const journal: Op[] = [];
    const append = (op: Op) => journal.push(JSON.parse(JSON.stringify(op)));
    const files = memoryFiles();
    const session = sessionOver(kconfig, {
      files,
      journal: { append, clear: () => (journal.length = 0) },
    });
    const crashed = (): string => {
      const config = kconfig.config();
      config.load(files.texts.get('.config')!, '.config');
      const next = sessionOver(kconfig, { config, pending: journal.filter(isOp) });
      expect(next.recover(true)).toBe(journal.length);
      return next.text('config');
    };
    session.set('SMP', 'y');
    session.set('NR_CPUS', '8');
    session.save('.config', 'config');
    session.set('PROFILING', 'y');
    for (const step of ['undo', 'undo', 'undo', 'redo', 'redo', 'redo'] as const) {
      session.do({ do: step });
      expect(crashed()).toBe(session.text('config'));
    }
    for (const step of ['undo', 'undo'] as const) session.do({ do: step });
    session.set('NUMA', 'y');
    session.do({ do: 'undo' });
    session.do({ do: 'undo' });
    expect(session.config.get('SMP')).toBe('n');
    expect(crashed()).toBe(session.text('config'));
  });

  it('tells what else changed, and what changed since it was loaded', () => {
    const session = withSmp();
    const outcome = session.set('SMP', 'n');
    expect(outcome.ok && outcome.text).toBe('SMP is n');
    expect(othersOf(outcome)).toContainEqual({ name: 'PER_VMA_LOCK', left: 'y', right: 'n' });
    expect(othersOf(outcome).map(({ name }) => name)).not.toContain('SMP');
    expect(session.changes().map(({ name }) => name)).toContain('SMP');
    expect(session.isChanged('PER_VMA_LOCK')).toBe(true);
    session.do({ do: 'undo' });
    expect(session.changes()).toEqual([]);
    expect(session.isChanged('SMP')).toBe(false);
  });

  it('writes what another session can read, a defconfig and a fragment of the changes', () => {
    const files = memoryFiles();
    const session = withSmp(files);
    const first = session.text('config');
    session.set('SMP', 'n');
    session.save('all', 'config');
    session.save('small', 'defconfig');
    session.save('part', 'fragment');
    expect(files.texts.get('part')).toContain('# CONFIG_SMP is not set\n');
    expect(files.texts.get('part')).not.toContain('PER_VMA_LOCK');
    for (const file of ['all', 'small', 'part']) {
      const other = withSmp(files);
      expect(other.text('config')).toBe(first);
      other.do({ do: 'load', file, text: files.texts.get(file)! });
      expect(other.text('config')).toBe(files.texts.get('all'));
    }
    expect(session.against('all')).toEqual([]);
    expect(session.against('nowhere')).toBeUndefined();
    session.set('SMP', 'y');
    expect(session.against('all')).toContainEqual({ name: 'SMP', left: 'n', right: 'y' });
  });

  it('is unsaved from an edit until it is saved or undone', () => {
    const session = withSmp();
    session.set('SMP', 'n');
    expect(session.dirty).toBe(true);
    session.save('.config', 'config');
    expect(session.dirty).toBe(false);
    session.do({ do: 'undo' });
    expect(session.dirty).toBe(true);
    session.do({ do: 'redo' });
    expect(session.dirty).toBe(false);
    session.do({ do: 'undo' });
    session.set('PREEMPT', 'y');
    expect(session.dirty).toBe(true);
  });
});

describe('search', () => {
  it('finds every symbol by its own name first', () => {
    const session = sessionOver(kconfig);
    for (const name of names) expect(session.find(name)[0]?.symbol?.name).toBe(name);
    for (const name of names) expect(session.find(`CONFIG_${name}`)[0]?.symbol?.name).toBe(name);
  });

  it('finds by the start of the name, by parts of it, by prompts, and by letters in their order', () => {
    const session = sessionOver(kconfig);
    const first = (query: string): (string | undefined)[] =>
      session
        .find(query)
        .slice(0, 4)
        .map(({ symbol, prompt }) => symbol?.name ?? prompt);
    expect(first('per_vma')).toContain('PER_VMA_LOCK');
    expect(first('vma_lock')[0]).toContain('VMA_LOCK');
    expect(first('vmalock')).toContain('PER_VMA_LOCK');
    expect(first('more than one cpu')).toContain('SMP');
    expect(session.find('no such thing at all')).toEqual([]);
    expect(session.find('  ')).toEqual([]);
  });
});

const SMALL = `
config MODULES
	bool "Modules"
	default y
	modules
config A
	tristate "A"
	select FORCED
config FORCED
	bool "forced"
config HELD
	tristate "held"
config HOLDER
	tristate "holder"
	default m
	select HELD
config WORKERS
	int "Workers"
	range 1 MOST
	default 4
config MOST
	int "Most"
	default 64
config BASE
	hex "Base"
	range 0x10 0xff
	default 0x20
config NAME
	string "Name"
choice
	prompt "Side"
config LEFT
	bool "Left"
config RIGHT
	bool "Right"
endchoice
`;

describe('a value', () => {
  const small = (): ReturnType<typeof sessionOver> => sessionOver(treeOf(SMALL));

  it('goes through n, m and y, as far as it can', () => {
    const session = small();
    const values = (name: string): string[] =>
      [1, 2, 3].map(() => {
        session.cycle(name);
        return session.config.get(name);
      });
    expect(values('A')).toEqual(['m', 'y', 'n']);
    expect(values('HELD')).toEqual(['y', 'm', 'y']);
  });

  it.each([
    ['WORKERS', '65', 'WORKERS must be from 1 to 64 (Kconfig:19)'],
    ['WORKERS', 'many', /^'many' is no value for the int WORKERS/],
    ['BASE', '0x5', 'BASE must be from 0x10 to 0xff (Kconfig:26)'],
    ['BASE', '100', 'BASE must be from 0x10 to 0xff (Kconfig:26)'],
    ['HELD', 'n', 'HELD can be m or y now, not n.'],
    ['LEFT', 'm', 'LEFT can be n or y now, not m.'],
    ['NOBODY', 'y', 'NOBODY is not defined.'],
  ])('of %s can not be %s', (name, value, said) => {
    const session = small();
    const before = session.text('config');
    const outcome = session.set(name, value);
    expect(outcome.ok).toBe(false);
    if (typeof said === 'string') expect(outcome.text).toBe(said);
    else expect(outcome.text).toMatch(said);
    expect(session.text('config')).toBe(before);
    expect(session.undoable).toBe(0);
  });

  it.each([
    ['WORKERS', '64'],
    ['BASE', 'ff'],
    ['NAME', 'with "quotes"'],
    ['RIGHT', 'y'],
  ])('of %s can be %s', (name, value) => {
    const session = small();
    expect(session.set(name, value).ok).toBe(true);
    expect(session.config.get(name)).toBe(value);
  });

  it('that is forced says by what', () => {
    const session = small();
    session.set('A', 'y');
    expect(session.set('FORCED', 'n').text).toMatch(/^Cannot be changed here: .*A/);
  });
});

describe('a plan', () => {
  it('is found in slices, applied at once and undone at once', () => {
    const session = withSmp();
    session.set('SMP', 'n');
    const before = session.text('config');
    let slices = 0;
    for (const _ of session.plans.search('PER_VMA_LOCK', 'y')) slices++;
    expect(slices).toBeGreaterThan(1);
    const found = session.plans.get('PER_VMA_LOCK', 'y')?.found;
    if (found?.possible !== true) throw new Error('there is a plan');
    const values = found.changes.map(({ symbol, to }) => ({
      name: symbol,
      ...(to !== undefined && { to }),
    }));
    session.do({ do: 'apply', goal: 'PER_VMA_LOCK=y', values });
    expect(session.config.get('PER_VMA_LOCK')).toBe('y');
    expect(session.plans.get('PER_VMA_LOCK', 'y')).toBeUndefined();
    session.do({ do: 'undo' });
    expect(session.text('config')).toBe(before);
  });
});

describe('a menu', () => {
  it('has every entry with a prompt when all are shown flat, and each once', () => {
    const session = sessionOver(kconfig);
    const all = session.entries(kconfig.menu, { all: true, flat: true });
    expect(new Set(all.map(({ node }) => node.index)).size).toBe(all.length);
    const listed = new Set(all.map(({ node }) => node.symbol?.name));
    for (const name of names) expect(listed).toContain(name);
  });

  it('shows without "all" what the tree says is shown', () => {
    const session = sessionOver(kconfig);
    const shown = session.entries(kconfig.menu, { all: false, flat: true });
    const all: MenuNode[] = [];
    const visit = (node: MenuNode): void => {
      for (const child of node.children) {
        all.push(child);
        visit(child);
      }
    };
    visit(kconfig.menu);
    const expected = all.filter((node) => session.config.shown(node)).map(({ index }) => index);
    expect(shown.map(({ node }) => node.index)).toEqual(expected);
  });
});

function treeOf(text: string): Kconfig {
  return parse({ Kconfig: text });
}
