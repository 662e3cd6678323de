import { address, type OpSpec, type ParamSpec } from './spec.ts';

/** What programs are run with: interrupts off, as in a sample of perf, and several in a row without them coming on. */
const irqsOff: ParamSpec = { name: 'irqs_off', kind: 'integer', default: 0 };
const programs: ParamSpec = { name: 'programs', kind: 'integer', default: 1 };

/** Shadow stacks, signals, uprobes, BPF programs, and work that touches nothing. */
export const PROBE_OPS = {
  shstk_enable: {
    does: 'gives the calling thread a shadow stack (ARCH_SHSTK_ENABLE)',
    params: [],
    returns: true,
  },
  signal: {
    does: 'calls so many functions deep, takes a signal there, and returns from its handler and from the calls',
    params: [{ name: 'calls', kind: 'integer', default: 0 }],
    returns: false,
  },
  uprobe_register: {
    does: 'attaches a uprobe to the instruction at the start of a page of a file, a push or with `nop5: 1` a nop of five bytes',
    params: [
      { name: 'file', kind: 'file' },
      { name: 'offset', kind: 'integer', default: 0 },
      { name: 'nop5', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  uprobe_unregister: {
    does: 'takes the uprobe off again',
    params: [
      { name: 'file', kind: 'file' },
      { name: 'offset', kind: 'integer', default: 0 },
    ],
    returns: false,
  },
  bpf_iter_task_vma: {
    does: 'runs a BPF program that walks the VMAs of the process from an address on',
    params: [{ ...address, default: 0 }, irqsOff, programs],
    returns: false,
  },
  bpf_find_vma: {
    does: 'runs a BPF program that looks up the VMA of a page (bpf_find_vma)',
    params: [address, irqsOff, programs],
    returns: false,
  },
  bpf_get_stack: {
    does: 'runs a BPF program that takes a trace of addresses one page apart with build ids',
    params: [address, irqsOff, programs, { name: 'entries', kind: 'integer', default: 1 }],
    returns: false,
  },
  think: {
    does: 'user code that touches no memory of interest, for a number of loop iterations',
    params: [{ name: 'loops', kind: 'integer', default: 1 }],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
