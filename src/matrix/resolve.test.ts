import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../input/index.ts';
import { editions } from '../kernel/index.ts';
import type { Base } from './matrix-file.ts';
import { type OptionSource, shippedOptions, treeOptions } from './option-source.ts';
import { type ResolvedCell, Resolver } from './resolve.ts';

const EDITIONS = editions.map(({ name, kernelVersion }) => ({ name, kernelVersion }));
const DEFAULTS: Base = { kind: 'mode', mode: 'alldefconfig' };
const shipped = shippedOptions();

function resolve(
  edition: string,
  set: Record<string, string>,
  {
    cpus = [1],
    show = [],
    base = DEFAULTS,
    source = shipped,
  }: {
    cpus?: number[];
    show?: string[];
    base?: Base;
    source?: OptionSource;
  } = {},
): ResolvedCell {
  const options = source.optionsOf(EDITIONS.find((e) => e.name === edition)!);
  const spec = { id: 'x', edition, axes: {}, set, cpus, workloads: [] };
  return new Resolver(options, base).resolve(spec, show);
}

describe('the shipped option sets', () => {
  test('there is one for each edition, and none has a diagnostic or an open question', () => {
    expect(shipped.editionNames([...EDITIONS, { name: 'v1.0', kernelVersion: '1.0' }])).toEqual(
      EDITIONS.map(({ name }) => name),
    );
    for (const edition of EDITIONS) {
      const { kconfig, label } = shipped.optionsOf(edition);
      expect(kconfig.diagnostics).toEqual([]);
      expect(kconfig.unanswered).toEqual([]);
      expect(label).toBe(`kconfig/${edition.name}/Kconfig`);
    }
  });

  test('every symbol mentioned is defined, but for those that x86 does not have', () => {
    for (const edition of EDITIONS) {
      const { kconfig } = shipped.optionsOf(edition);
      const loose = [...kconfig.symbols].filter((s) => !s.defined).map((s) => s.name);
      const named = loose.filter((name) => !/^[0-9]+$/.test(name));
      const { name, kernelVersion } = edition;
      expect(named, name).toEqual([
        // What finds a VMA is not shared between architectures in 6.4.
        ...(Number.parseInt(kernelVersion, 10) < 7 ? [] : ['ARCH_NO_PREEMPT']),
        ...(name === 'v6.4' ? [] : ['STACK_GROWSUP']),
      ]);
    }
  });

  test('no setting of any prompt selects something against its dependencies', () => {
    for (const edition of EDITIONS) {
      for (const mode of ['alldefconfig', 'allnoconfig', 'allyesconfig', 'allmodconfig'] as const) {
        for (const bits of ['y', 'n']) {
          const { config } = resolve(
            edition.name,
            { '64BIT': bits },
            { base: { kind: 'mode', mode } },
          );
          expect(config.unmet()).toEqual([]);
        }
      }
    }
  });
});

describe('what Kconfig does not accept is told with the reason', () => {
  test.each<[string, string, Record<string, string>, [string, string, string]]>([
    [
      'no prompt',
      'v7.0',
      { '64BIT': 'y', SMP: 'n', PER_VMA_LOCK: 'y' },
      [
        'PER_VMA_LOCK',
        'n',
        'it cannot be set: it has no prompt; PER_VMA_LOCK is n: its default y (kconfig/common/per-vma-lock.kconfig:LINE) needs ARCH_SUPPORTS_PER_VMA_LOCK && MMU && SMP, and SMP is n',
      ],
    ],
    [
      'a dependency',
      'v7.0',
      { '64BIT': 'n', SMP: 'y', X86_USER_SHADOW_STACK: 'y' },
      [
        'X86_USER_SHADOW_STACK',
        'n',
        'its prompt (kconfig/common/user-shadow-stack.kconfig:LINE) is not visible: it needs AS_WRUSS && X86_64, and X86_64 is n',
      ],
    ],
    [
      'not defined',
      'all-builds-v2',
      { PER_VMA_LOCK: 'y' },
      ['PER_VMA_LOCK', '', 'kconfig/all-builds-v2/Kconfig does not define PER_VMA_LOCK'],
    ],
    [
      'not defined, asked to be off',
      'all-builds-v2',
      { PER_VMA_LOCK: 'n' },
      ['PER_VMA_LOCK', '', 'kconfig/all-builds-v2/Kconfig does not define PER_VMA_LOCK'],
    ],
    [
      'selected',
      'v7.0',
      { EXPERT: 'y', DEBUG_KERNEL: 'n' },
      ['DEBUG_KERNEL', 'y', 'it is selected by EXPERT (kconfig/common/general.kconfig:LINE)'],
    ],
    [
      'a choice',
      'v6.12',
      { PREEMPT_NONE: 'y', PREEMPT: 'y' },
      [
        'PREEMPT_NONE',
        'n',
        'PREEMPT has precedence in the choice (kconfig/v6.12/preempt.kconfig:LINE)',
      ],
    ],
    [
      'a choice without the member',
      'v7.0',
      { PREEMPT_NONE: 'y' },
      [
        'PREEMPT_NONE',
        'n',
        'its prompt (kconfig/v7.0/preempt.kconfig:LINE) is not visible: it needs !PREEMPT_RT && ARCH_NO_PREEMPT, and ARCH_NO_PREEMPT is n',
      ],
    ],
    [
      'out of range',
      'v7.0',
      { '64BIT': 'n', SMP: 'y', NR_CPUS: '64' },
      ['NR_CPUS', '8', 'that is outside its range (kconfig/v7.0/cpu.kconfig:LINE)'],
    ],
    [
      'a value of another type',
      'v7.0',
      { SMP: 'm' },
      ['SMP', '', "'m' is no value for the bool SMP (kconfig/v7.0/cpu.kconfig:LINE)"],
    ],
  ])('%s', (_, edition, set, expected) => {
    const { refusals } = resolve(edition, set);
    expect(
      refusals.map((r) => [r.symbol, r.got, r.reason.replace(/kconfig:\d+/g, 'kconfig:LINE')]),
    ).toEqual([expected]);
    expect(refusals[0]!.wanted).toBe(set[expected[0]]);
  });

  test('an option may depend on one that is named after it', () => {
    expect(resolve('v7.0', { PER_VMA_LOCK_STATS: 'y', SMP: 'y' }).refusals).toEqual([]);
  });
});

describe('shown options', () => {
  const reasons = (cell: ResolvedCell): string[] =>
    cell.options.map((o) => `${o.value}: ${o.why.replace(/(config|kconfig):\d+/g, '$1:LINE')}`);

  test('have a value and a reason with its place', () => {
    const show = ['64BIT', 'SMP', 'PER_VMA_LOCK', 'LOCK_MM_AND_FIND_VMA', 'NR_CPUS', 'KSM'];
    expect(reasons(resolve('v7.0', { '64BIT': 'y', SMP: 'y' }, { show }))).toEqual([
      'y: 64BIT is y: set by this cell (kconfig/common/arch.kconfig:LINE)',
      'y: SMP is y: set by this cell (kconfig/v7.0/cpu.kconfig:LINE)',
      expect.stringMatching(
        /^y: PER_VMA_LOCK is y: its default y \(kconfig\/common\/per-vma-lock\.kconfig:LINE\) applies because/,
      ),
      'y: LOCK_MM_AND_FIND_VMA is y: selected by X86 (kconfig/common/lock-mm-and-find-vma.kconfig:LINE)',
      expect.stringMatching(
        /^64: NR_CPUS is 64: its default \(kconfig\/v7\.0\/cpu\.kconfig:LINE\)/,
      ),
      expect.stringMatching(
        /^n: KSM is n: it has no default and was not set \(kconfig\/common\/mm\.kconfig:LINE\)/,
      ),
    ]);
  });

  test('are null where the edition does not have them', () => {
    expect(reasons(resolve('all-builds-v2', {}, { show: ['PER_VMA_LOCK'] }))).toEqual([
      'null: kconfig/all-builds-v2/Kconfig does not define PER_VMA_LOCK',
    ]);
  });

  test('name the base that set them', () => {
    const show = ['SMP', 'KSM'];
    const file: Base = { kind: 'file', path: 'a/b.config', text: 'CONFIG_SMP=y\nCONFIG_KSM=y\n' };
    expect(reasons(resolve('v7.0', { SMP: 'n' }, { show, base: file }))).toEqual([
      'n: SMP is n: set by this cell (kconfig/v7.0/cpu.kconfig:LINE)',
      'y: KSM is y: set by a/b.config (kconfig/common/mm.kconfig:LINE)',
    ]);
    const yes: Base = { kind: 'mode', mode: 'allyesconfig' };
    expect(reasons(resolve('v7.0', {}, { show: ['KSM'], base: yes }))).toEqual([
      'y: KSM is y: set by allyesconfig (kconfig/common/mm.kconfig:LINE)',
    ]);
  });
});

describe('CPU counts', () => {
  test('a kernel without SMP has one CPU', () => {
    const cell = resolve('v7.0', { SMP: 'n' }, { cpus: [1, 2, 4] });
    expect(cell.spec.cpus).toEqual([1]);
    expect(cell.notes).toEqual(['simulated on 1 CPU instead of 1, 2, 4: SMP is n']);
    expect(resolve('v7.0', { SMP: 'n' }, { cpus: [1] }).notes).toEqual([]);
  });

  test('one with SMP has at most NR_CPUS', () => {
    const cell = resolve('v7.0', { '64BIT': 'n', SMP: 'y' }, { cpus: [4, 8, 16] });
    expect(cell.spec.cpus).toEqual([4, 8]);
    expect(cell.notes).toEqual(['simulated on 4, 8 CPUs instead of 4, 8, 16: NR_CPUS is 8']);
    expect(resolve('v7.0', { '64BIT': 'n', SMP: 'y' }, { cpus: [64] }).spec.cpus).toEqual([8]);
  });
});

test('what is wrong with the base .config is kept as a warning', () => {
  const base: Base = { kind: 'file', path: 'b.config', text: 'CONFIG_SMP=maybe\nCONFIG_KSM=y\n' };
  const { warnings } = new Resolver(shipped.optionsOf(EDITIONS[1]!), base);
  expect(warnings.map((w) => [w.severity, w.span?.file, w.span?.line])).toEqual([
    ['warning', 'b.config', 1],
  ]);
});

describe('a real tree', () => {
  let dir: string;
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  };
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'kmatrix-tree-'));
    put('linux/Makefile', 'VERSION = 7\nPATCHLEVEL = 0\nSUBLEVEL = 3\nEXTRAVERSION =\n');
    put('linux/Kconfig', 'source "arch/$(SRCARCH)/Kconfig"\n');
    put(
      'linux/arch/x86/Kconfig',
      'config SMP\n\tbool "More CPUs"\n\nconfig NR_CPUS\n\tint\n\tdefault 4\n',
    );
    put('file', '');
    put('empty/README', '');
    put('broken/Makefile', 'VERSION = 7\n');
    put('broken/Kconfig', 'config A\n\tbogus\n');
    put('broken/arch/x86/Kconfig', '');
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const errorOf = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const d = error.diagnostics[0]!;
      const at = d.span ? `${d.span.file}:${d.span.line}: ` : '';
      return `${at}${d.message}${d.hint ? ` (${d.hint})` : ''}`.replaceAll(dir, 'DIR');
    }
    throw new Error('nothing was thrown');
  };

  test('serves every edition, and says where versions differ', () => {
    const tree = join(dir, 'linux');
    const source = treeOptions(tree);
    const cell = resolve('v7.0', { SMP: 'y' }, { source, cpus: [2, 8] });
    expect(cell.kconfig).toBe(`${tree} (Linux 7.0.3)`);
    expect(cell.notes).toEqual(['simulated on 2 CPUs instead of 2, 8: NR_CPUS is 4']);
    expect(resolve('v6.12', { SMP: 'y' }, { source }).notes).toEqual([
      'the options are those of Linux 7.0.3, but the edition v6.12 describes Linux 6.12',
    ]);
    expect(source.optionsOf(EDITIONS[0]!).kconfig).toBe(source.optionsOf(EDITIONS[1]!).kconfig);
  });

  test('a folder that is none gets one clear message', () => {
    expect(errorOf(() => treeOptions(join(dir, 'no')))).toBe('kernel tree not found: DIR/no');
    expect(errorOf(() => treeOptions(join(dir, 'file')))).toBe(
      'DIR/file is no kernel tree: it is a file (unpack it and name the folder)',
    );
    expect(errorOf(() => treeOptions(join(dir, 'empty')))).toBe(
      'DIR/empty is no kernel tree: it has no Makefile (name the folder of the top Makefile)',
    );
    expect(errorOf(() => treeOptions(dir))).toBe(
      'DIR is no kernel tree: it has no Makefile (did you mean DIR/broken?)',
    );
  });

  test('a mistake in its Kconfig is the input being wrong, with its place', () => {
    const source = treeOptions(join(dir, 'broken'));
    expect(errorOf(() => source.optionsOf(EDITIONS[1]!))).toMatch(/^DIR\/broken\/Kconfig:2: /);
  });
});
