/** How often the attempt to lock a VMA fails beside writers, in the model of the experiment that was measured. */
import type { Kernel } from '../model/index.ts';
import type { CostProfile } from '../timed/index.ts';
import { compileWorkload, machineSize, readWorkload } from '../workloads/index.ts';
import { type Bound, TurnsExec } from './turns-exec.ts';

/** One experiment: threads that fault while others write. */
export interface Experiment {
  readonly kind: string;
  /** Whether each faulting thread has a VMA of its own, or all fault in parts of one. */
  readonly region: string;
  readonly faulters: number;
  readonly writers: number;
  /** Rounds of an empty loop between a writer's operations. */
  readonly spin: number;
  readonly faults: number;
}

const AREA = 8193;
const WINDOW = 512;
/** VMAs that a writer may free while a CPU is stopped under rcu_read_lock, so that none can be used again. */
const WAITING_VMAS = 4096;
/** Instructions of one round of `for (volatile int i = 0; i < n; i++)`: load, add, store, load, compare, branch. */
const SPIN_ROUND = 6;

/** What each kind of writer does, over and over; `area` is what the first faulting thread faults in, `own` four pages of the writer. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  mmap_munmap: ['mmap: { pages: 1, as: p }', 'munmap: { at: p, pages: 1 }'],
  mmap_touch16_munmap: [
    'mmap: { pages: 16, as: p }',
    'write: { at: p, pages: 16 }',
    'munmap: { at: p, pages: 16 }',
  ],
  mprot_other: [
    'mprotect: { at: own, pages: 4, prot: r }',
    'mprotect: { at: own, pages: 4, prot: rw }',
  ],
  mprot_split_same: [
    `mprotect: { at: area+${AREA - 1}, pages: 1, prot: r }`,
    `mprotect: { at: area+${AREA - 1}, pages: 1, prot: rw }`,
  ],
  dontneed_other: ['madvise: { at: own, pages: 4, advice: dontneed }'],
  madvflag_same: [
    `madvise: { at: area, pages: ${AREA}, advice: sequential }`,
    `madvise: { at: area, pages: ${AREA}, advice: normal }`,
  ],
};

/** Kinds of writers that can be modelled. */
export const WRITER_KINDS: readonly string[] = Object.keys(WRITERS);

/** The experiment in the workload language. */
export function experimentText(e: Experiment, instructionsPerLoop: number): string {
  const writer = WRITERS[e.kind] ?? [];
  const rounds = Math.max(1, Math.round(e.faults / e.faulters / WINDOW));
  const shared = e.region === 'shared';
  const faulter = (i: number) => [
    `  - name: faulter${i}`,
    ...(shared || i === 0 ? [] : [`    setup: [{ mmap: { pages: ${AREA}, as: mine } }]`]),
    '    run:',
    `      - repeat: ${rounds}`,
    '        do:',
    ...(shared || i === 0 ? touch(shared ? `area+${WINDOW * i}` : 'area') : touch('mine')).map(
      (line) => `          ${line}`,
    ),
  ];
  const loops = Math.round((e.spin * SPIN_ROUND) / instructionsPerLoop);
  return [
    'name: contention',
    'description: faults beside writers',
    'unit: fault',
    `setup: [{ mmap: { pages: ${AREA}, as: area } }]`,
    'threads:',
    ...Array.from({ length: e.faulters }, (_, i) => faulter(i)).flat(),
    ...(writer.length === 0 || e.writers === 0
      ? []
      : [
          '  - name: writer',
          `    count: ${e.writers}`,
          '    background: true',
          '    setup: [{ mmap: { pages: 4, as: own } }, { write: { at: own, pages: 4 } }]',
          '    run:',
          ...writer.map((operation) => `      - ${operation}`),
          ...(loops > 0 ? [`      - think: { loops: ${loops} }`] : []),
        ]),
    '',
  ].join('\n');
}

function touch(window: string): readonly string[] {
  return [
    `- write: { at: ${window}, pages: ${WINDOW} }`,
    `- madvise: { at: ${window}, pages: ${WINDOW}, advice: dontneed }`,
  ];
}

/** Speed of the emulator, and how it shares itself among the CPUs. */
export interface Emulation {
  readonly profile: CostProfile;
  readonly cpus: number;
  /** Instructions a CPU runs at a stretch, on average. */
  readonly turn: number;
  readonly seed: number;
  readonly nsPerInstruction: number;
}

/** What a run of the model counted. */
export interface ContentionCounts {
  readonly faults: number;
  /** Instructions of all CPUs. */
  readonly instructions: number;
  /** Attempts that failed: vma_lock_abort and vma_lock_miss. */
  readonly failed: number;
}

/** Runs the model of an experiment. Threads are bound to CPUs in turn, faulting ones first, as they were. */
export function runExperiment(
  kernel: Kernel,
  experiment: Experiment,
  emulation: Emulation,
): ContentionCounts {
  const text = experimentText(experiment, emulation.profile.work.user_loop);
  const workload = readWorkload(text, `${experiment.kind}.yaml`);
  const size = machineSize(workload, emulation.cpus);
  const spec = kernel.build({ ...size, vmas: size.vmas + WAITING_VMAS });
  const programs = compileWorkload(workload, spec, emulation.cpus);
  const exec = new TurnsExec(spec, emulation);
  const bound = (part: 'setup' | 'run'): Bound[] =>
    programs.threads.map(({ tid, kind, ...routines }) => ({
      tid,
      routine: routines[part],
      args: [tid + 1],
      cpu: tid % emulation.cpus,
      background: part === 'run' && kind.background,
    }));
  if (programs.setup !== undefined) {
    exec.runBound([{ tid: 0, routine: programs.setup, args: [1], cpu: 0, background: false }]);
  }
  exec.runBound(bound('setup'));
  const { vmstat } = spec.events;
  const count = (name: string) => exec.events[vmstat.get(name) ?? -1] ?? 0;
  const names = ['vma_lock_abort', 'vma_lock_miss', 'vma_lock_success'];
  const before = names.map(count);
  const begin = exec.instructions;
  exec.runBound(bound('run'));
  const [aborts = 0, misses = 0, successes = 0] = names.map((n, i) => count(n) - (before[i] ?? 0));
  const failed = aborts + misses;
  return { faults: successes + failed, failed, instructions: exec.instructions - begin };
}
