import type { AccessKind, MachineSpec } from '../model/index.ts';
import { KernelBug, MemoryMap, READ, TASK, wordStruct } from '../model/index.ts';
import type { Internals } from '../model/kernel.ts';
import type { CheckExec, Monitor } from './check-exec.ts';

/** Who holds which VMA for reading, in words that belong to the state, and the rules about VMAs that are held or free. */
export class Holders implements Monitor {
  readonly #held: number;
  readonly #machine: MachineSpec & Internals;
  readonly #pool: { readonly base: number; readonly end: number; readonly stride: number };
  /** Offsets of the words that describe the mapping: they stay while somebody holds the VMA. */
  readonly #described: ReadonlySet<number>;

  /** Lays the words out in the machine's memory. Only before an executor is made. */
  constructor(machine: MachineSpec & Internals) {
    const { core } = machine;
    const { VMA } = core;
    this.#machine = machine;
    const words = wordStruct('checker_holders', { vma: { array: machine.size.threads } });
    this.#held = machine.memory.object(words, 'held');
    const objects = core.vmas.objects;
    const stride = MemoryMap.stride(VMA);
    const base = objects[0] as number;
    this.#pool = { base, end: base + stride * objects.length, stride };
    const { vm_start, vm_end, vm_mm, vm_flags, vm_ops, vm_pgoff, vm_file } = VMA.at;
    this.#described = new Set([vm_start, vm_end, vm_mm, vm_flags, vm_ops, vm_pgoff, vm_file]);
  }

  /** Address of the words: for each thread the VMA it holds, 0 for none. */
  get words(): number {
    return this.#held;
  }

  set(k: CheckExec, vma: number): void {
    k.note(this.#held + k.tid, vma);
  }

  /** @throws {KernelBug} for an access to a VMA that breaks a rule */
  access(k: CheckExec, address: number, kind: AccessKind): void {
    const { base, end, stride } = this.#pool;
    if (address < base || address >= end) return;
    const vma = base + Math.floor((address - base) / stride) * stride;
    const { core, memory } = this.#machine;
    // SLAB_TYPESAFE_BY_RCU keeps the memory a VMA's as long as a reader is in its section; without it a free VMA is nobody's.
    const typesafe = core.lockKind === 'refcount';
    const inRcu = !k.outsideRcu && k.look(k.task + TASK.at.rcu_read_lock_nesting) !== 0;
    if (!(typesafe && inRcu) && this.#isFree(k, vma)) {
      this.#broken(k, `${memory.nameOf(address)} is used after it was freed`);
    }
    if (typesafe && address === vma + core.VMA.at.vm_refcnt && k.look(address) < 0) {
      this.#broken(k, `${memory.nameOf(address)} is below zero`);
    }
    if (kind === READ || !this.#described.has(address - vma)) return;
    for (let u = 0; u < this.#machine.area.tasks.length; u++) {
      if (u === k.tid || k.look(this.#held + u) !== vma) continue;
      this.#broken(k, `${memory.nameOf(address)} is changed while thread ${u} holds the VMA`);
    }
  }

  /** Rules for a VMA that a lookup has just given. */
  returned(k: CheckExec, mm: number, page: number, vma: number): void {
    const { core, memory } = this.#machine;
    const { VMA, MM, lockKind, tree } = core;
    const word = (at: number) => k.look(vma + at);
    const name = memory.nameOf(vma).replace(/\..*$/, '');
    this.set(k, vma);
    if (this.#isFree(k, vma)) this.#broken(k, `the lookup gives ${name}, which is free`);
    if (word(VMA.at.vm_mm) !== mm) {
      this.#broken(k, `the lookup gives ${name}, which belongs to another mm`);
    }
    if (page < word(VMA.at.vm_start) || page >= word(VMA.at.vm_end)) {
      this.#broken(k, `the lookup gives ${name}, which does not cover the address`);
    }
    if (k.quietly(() => tree.walk(k, mm, page)) !== vma) {
      this.#broken(k, `the lookup gives ${name}, which is not attached`);
    }
    const sequence = lockKind !== 'absent' && k.look(mm + MM.at.mm_lock_seq);
    if (lockKind !== 'absent' && word(VMA.at.vm_lock_seq) === sequence) {
      this.#broken(k, `the lookup gives ${name}, which is being modified`);
    }
  }

  /** Rules for a VMA that has been held and is about to be released. */
  releasing(k: CheckExec, vma: number): void {
    const { memory } = this.#machine;
    if (this.#isFree(k, vma)) {
      this.#broken(k, `${memory.nameOf(vma)} was freed while it was held`);
    }
    this.set(k, 0);
  }

  #isFree(k: CheckExec, vma: number): boolean {
    return k.quietly(() => this.#machine.core.vmas.isFree(k, vma));
  }

  #broken(k: CheckExec, what: string): never {
    const at = k.where(k.tid);
    throw new KernelBug(what, `thread ${k.tid} in ${at?.routine.name}.${at?.label}`);
  }
}
