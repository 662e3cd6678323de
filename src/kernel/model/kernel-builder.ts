import {
  type Exec,
  MemoryMap,
  type Routine,
  routine,
  TASK,
  type TaskArea,
} from './machine/index.ts';
import type { DescribeWait, MachineSize } from './machine-spec.ts';
import type {
  FallbackSite,
  NameKind,
  Surface,
  SurfaceCounter,
  SurfaceFunction,
  SurfaceName,
  SurfaceStruct,
} from './surface.ts';

/** A resolved option set as the kernel under construction sees it: `y`, `m`, a text, or `n`/`''` when unset. */
export interface KernelConfig {
  get(name: string): string;
  /** The Kconfig file that defines an option, `undefined` where none does. Left out where only values are known. */
  definedIn?(name: string): string | undefined;
}

/** Where a function is declared and what it looks like from outside. */
export interface Declaration {
  readonly file: string;
  readonly signature: string;
  readonly kind?: 'function' | 'macro';
}

/** A stub: its whole code, and the words for it that reports use. Both come from one place so they cannot differ. */
export interface Stub {
  readonly does: string;
  readonly body: (k: Exec) => number;
}

/** A stub that gives a constant. `shown` is the constant's name in C. */
export function returns(value: number, shown: string): Stub {
  return { does: `returns ${shown}`, body: () => value };
}

/** A stub with an empty body. */
export const EMPTY: Stub = { does: 'empty', body: () => 0 };

/** Words of stack for each thread. */
const STACK_WORDS = 1024;

/**
 * A kernel under construction. The parts of the model call it to read options, reserve memory, register routines and
 * declare what they offer; what it has collected in the end is the instantiated kernel.
 */
export class KernelBuilder {
  readonly memory = new MemoryMap();
  readonly size: MachineSize;
  readonly tasks: readonly number[];
  readonly area: TaskArea;
  readonly routines: Routine[] = [];
  readonly eventNames: string[] = [];
  readonly vmstat = new Map<string, number>();
  readonly fallbackEvents = new Map<string, number>();
  /** Counters that /proc/vmstat shows. */
  readonly exported = new Set<string>();
  /** What a thread that sleeps in a routine waits for. */
  readonly waits = new Map<Routine, DescribeWait>();
  /** Routines that stand for what this kernel does not have. */
  readonly lacking = new Set<Routine>();
  readonly #config: KernelConfig;
  readonly #relevant = new Map<string, string>();
  readonly #options = new Map<string, SurfaceName>();
  readonly #functions = new Map<string, SurfaceFunction>();
  readonly #structs = new Map<string, SurfaceStruct>();
  readonly #counters: SurfaceCounter[] = [];
  readonly #names = new Map<string, SurfaceName>();
  readonly #sites: FallbackSite[] = [];
  readonly #boot: ((k: Exec) => void)[] = [];

  constructor(config: KernelConfig, size: MachineSize) {
    this.#config = config;
    this.size = size;
    const spacing = {
      ...TASK,
      size: TASK.size + STACK_WORDS,
    };
    const base = this.memory.pool(spacing, size.threads, 'task');
    const stride = MemoryMap.stride(spacing);
    this.tasks = Array.from({ length: size.threads }, (_, i) => base + i * stride);
    this.area = { tasks: this.tasks, stackWords: STACK_WORDS };
  }

  /**
   * Whether an option is on (`y` or `m`). The option is noted as one this kernel depends on.
   *
   * @param asked `false` where nothing depends on it in this kernel: it is off then, and only its name is registered
   */
  enabled(symbol: string, asked = true): boolean {
    const value = this.value(symbol, asked);
    return value === 'y' || value === 'm';
  }

  /** An option's value, `n` when unset. As {@link enabled}. */
  value(symbol: string, asked = true): string {
    const value = (asked && this.#config.get(symbol)) || 'n';
    if (asked) this.#relevant.set(symbol, value);
    this.#registerOption(symbol, asked ? value : undefined);
    return value;
  }

  /** Kernels that differ in nothing they depend on share their surface: the value of another option is none of it. */
  #registerOption(name: string, value: string | undefined): void {
    const file = this.#config.definedIn?.(name);
    if (file === undefined || (value === undefined && this.#options.has(name))) return;
    this.#options.set(name, { name, kind: 'option', file, ...(value !== undefined && { value }) });
  }

  /** Options looked at so far with their values, in name order. */
  relevant(): Record<string, string> {
    return Object.fromEntries([...this.#relevant].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Registers a routine that is no interface of its own (a slow path, a helper of the model). */
  add<R extends Routine>(r: R): R {
    if (r.id !== -1) throw new RangeError(`routine ${r.name} is registered twice`);
    r.id = this.routines.length;
    this.routines.push(r);
    return r;
  }

  /** Says what a thread that sleeps in a routine waits for. */
  waitsIn(r: Routine, describe: DescribeWait): void {
    this.waits.set(r, describe);
  }

  /** Registers a routine that stands for a call or an ioctl this kernel does not have: all it does is to say so. */
  lack<R extends Routine>(r: R): R {
    this.lacking.add(r);
    return this.add(r);
  }

  /** Registers a function of the kernel with its real code. */
  fn(declaration: Declaration, r: Routine): Routine {
    this.#declare(r.name, declaration, { state: 'real' });
    return this.add(r);
  }

  /** Registers a function of the kernel as a stub: one step, no access to memory. */
  stub(name: string, declaration: Declaration, stub: Stub): Routine {
    this.#declare(name, declaration, { state: 'stub', stub: stub.does });
    return this.add(
      routine(name, ['arg0', 'arg1', 'arg2'], () => ({ stub: (k) => k.ret(stub.body(k)) })),
    );
  }

  /** Declares a function whose code is inlined into its callers' steps here, as the compiler inlines it there. */
  inline(name: string, declaration: Declaration, stub?: Stub): void {
    this.#declare(
      name,
      declaration,
      stub === undefined ? { state: 'real' } : { state: 'stub', stub: stub.does },
    );
  }

  #declare(
    name: string,
    d: Declaration,
    state: { state: 'real' } | { state: 'stub'; stub: string },
  ): void {
    if (this.#functions.has(name)) throw new RangeError(`function ${name} is declared twice`);
    this.#functions.set(name, {
      name,
      kind: d.kind ?? 'function',
      file: d.file,
      signature: d.signature,
      ...state,
    });
  }

  /** Declares a constant, an ioctl, a trace point or a variable. */
  name(name: string, kind: NameKind, file: string, value?: string): void {
    if (this.#names.has(name)) throw new RangeError(`${kind} ${name} is declared twice`);
    this.#names.set(name, { name, kind, file, ...(value !== undefined && { value }) });
  }

  /** Whether a function was declared, real or as a stub. */
  isDeclared(name: string): boolean {
    return this.#functions.has(name);
  }

  /** Whether a function was declared and is real. */
  isReal(name: string): boolean {
    return this.#functions.get(name)?.state === 'real';
  }

  struct(s: SurfaceStruct): void {
    this.#structs.set(s.name, s);
  }

  /** Registers an event and gives its number. */
  event(name: string): number {
    this.eventNames.push(name);
    return this.eventNames.length - 1;
  }

  /**
   * Names an event as a counter of /proc/vmstat. An executor tallies it in any case; the surface has it only when the
   * kernel `exports` it and has event counters at all (VM_EVENT_COUNTERS: vmstat_text and vmstat_start in mm/vmstat.c).
   */
  declareCounter(name: string, file: string, event: number, exports: boolean): void {
    if (this.enabled('VM_EVENT_COUNTERS') && exports) {
      this.#counters.push({ name, file });
      this.exported.add(name);
    }
    this.vmstat.set(name, event);
  }

  /**
   * Registers a place where a caller falls back to mmap_lock. `taken` is found from the function tried first: where that is a stub
   * every call falls back, except at a place that is only reached after the first try succeeded (`late`): such code is dead then.
   * Gives the event to count a hit with.
   */
  fallback(site: Omit<FallbackSite, 'taken'>, late = false): number {
    const taken = this.isReal(site.tries) ? 'sometimes' : late ? 'never' : 'always';
    this.#sites.push({ ...site, taken });
    const event = this.event(`fallback ${site.site}`);
    this.fallbackEvents.set(site.site, event);
    return event;
  }

  /** Adds work to be done on an executor's fresh memory. Run in the order added. */
  onBoot(init: (k: Exec) => void): void {
    this.#boot.push(init);
  }

  boot(k: Exec): void {
    for (const init of this.#boot) init(k);
  }

  surface(): Surface {
    const byName = <T extends { name: string }>(a: T, b: T) => (a.name < b.name ? -1 : 1);
    return {
      functions: [...this.#functions.values()].sort(byName),
      structs: [...this.#structs.values()].sort(byName),
      counters: [...this.#counters].sort(byName),
      names: [...this.#names.values(), ...this.#options.values()].sort(byName),
      fallbackSites: [...this.#sites].sort((a, b) => (a.site < b.site ? -1 : 1)),
    };
  }
}
