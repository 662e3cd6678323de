/** Reads from a stopped machine how its run ended. */
import { isAbsolute, relative } from 'node:path';
import { packageRoot } from '../input/index.ts';
import { DeadlockError, type Exec, KernelBug, type StackFrame } from './model/machine/index.ts';
import type { MachineSpec } from './model/machine-spec.ts';
import type {
  CodePlace,
  Failure,
  OutcomeThread,
  RunPlace,
  StoppedThread,
  WaitFor,
} from './outcome.ts';
import { BARRIER_REGISTER, type CompiledWorkload, UnexpectedError } from './workloads/index.ts';

/** A machine that ran a workload. */
export interface StoppedMachine {
  readonly spec: MachineSpec;
  readonly programs: CompiledWorkload;
  readonly exec: Exec;
}

/** How a run ended that threw `error`; `undefined` for what is no end of the workload's but a fault of ours. */
export function describeFailure(
  error: unknown,
  machine: StoppedMachine,
  place: RunPlace,
): Failure | undefined {
  if (error instanceof UnexpectedError) {
    const { op, error: name, span, lacking } = error;
    return {
      kind: lacking ? 'unsupported' : 'refused',
      ...place,
      op,
      error: name,
      file: shownFile(span.file),
      line: span.line,
      column: span.column,
    };
  }
  if (error instanceof KernelBug) return oops(error, machine, place);
  if (error instanceof DeadlockError) return hung(error, machine, place);
  return undefined;
}

function oops(error: KernelBug, machine: StoppedMachine, place: RunPlace): Failure {
  const { tid } = machine.exec;
  const stack = machine.exec.stackOf(tid);
  const { address } = error;
  const found = address === undefined ? undefined : memberAt(machine, stack[0], address);
  return {
    kind: 'oops',
    ...place,
    bug: error.what,
    thread: stopped(machine, tid, stack),
    address: found?.address ?? null,
    field: found?.field ?? null,
  };
}

/** The member behind an access at a small address: some variable of the frame is the pointer that was NULL. */
function memberAt(
  { spec }: StoppedMachine,
  frame: StackFrame | undefined,
  address: number,
): { readonly address: string | null; readonly field: string | null } | undefined {
  // An error number used as a pointer lies at the end of the address space.
  if (address < 0) {
    return { address: `0x${(2n ** 64n + BigInt(address)).toString(16)}`, field: null };
  }
  for (const [name, value] of Object.entries(frame?.vars ?? {})) {
    const found = value === 0 ? spec.nullField(name, address) : undefined;
    if (found === undefined) continue;
    return {
      address: found.offset === null ? null : `0x${found.offset.toString(16).padStart(16, '0')}`,
      field: `${found.struct}.${found.field}`,
    };
  }
  return undefined;
}

function hung(error: DeadlockError, machine: StoppedMachine, place: RunPlace): Failure {
  return {
    kind: 'hung',
    ...place,
    threads: error.threads.map(({ tid, stack, spinningOn }) => ({
      ...stopped(machine, tid, stack),
      waits_for: waitOf(machine, tid, stack, spinningOn),
    })),
  };
}

function waitOf(
  machine: StoppedMachine,
  tid: number,
  stack: readonly StackFrame[],
  spinningOn: number | undefined,
): WaitFor {
  const { spec, exec } = machine;
  if (spinningOn === spec.userRegister(0, BARRIER_REGISTER)) {
    return {
      kind: 'barrier',
      object: 'barrier',
      text: 'the other threads at a barrier',
      holders: [],
    };
  }
  if (spinningOn !== undefined) {
    const object = spec.memory.nameOf(spinningOn);
    return { kind: 'lock', object, text: `${object}, busy`, holders: [] };
  }
  exec.select(tid);
  for (const frame of stack) {
    const described = spec.waits.get(frame.routine)?.(exec, frame.vars);
    if (described === undefined) continue;
    const holders = (described.holders ?? []).map((task) => spec.area.tasks.indexOf(task));
    return {
      kind: described.kind,
      object: described.object,
      text: described.text,
      holders: holders.map((holder) => threadOf(machine, holder)),
    };
  }
  const object = `${stack[0]?.routine.name}.${stack[0]?.label}`;
  return { kind: 'event', object, text: `a wake-up in ${object}`, holders: [] };
}

function stopped(
  machine: StoppedMachine,
  tid: number,
  stack: readonly StackFrame[],
): StoppedThread {
  const trace = stack.map(({ routine, label }): CodePlace => ({ routine: routine.name, label }));
  const { routine, label } = trace[0] ?? { routine: '?', label: '?' };
  return { ...threadOf(machine, tid), routine, label, at: lineOf(machine, trace.at(-1)), trace };
}

/** Programs are compiled with the line of each statement in its label. */
function lineOf({ programs }: StoppedMachine, place: CodePlace | undefined): string | null {
  const line = /@(\d+)/.exec(place?.label ?? '')?.[1];
  return line === undefined ? null : `${shownFile(programs.workload.file)}:${line}`;
}

function threadOf({ programs }: StoppedMachine, tid: number): OutcomeThread {
  const plan = programs.threads.find((thread) => thread.tid === tid);
  if (plan === undefined) return { tid, name: `task ${tid}` };
  const several = programs.threads.some(({ kind, index }) => kind === plan.kind && index > 0);
  return { tid, name: several ? `${plan.kind.name}#${plan.index}` : plan.kind.name };
}

/** A shipped file by its path in the package, so that no result depends on where that is installed. */
function shownFile(file: string): string {
  if (!isAbsolute(file)) return file;
  const path = relative(packageRoot(), file);
  return path.startsWith('..') ? file : path.replaceAll('\\', '/');
}
