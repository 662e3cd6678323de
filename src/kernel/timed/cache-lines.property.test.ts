import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccessKind, ATOMIC, READ, WRITE } from '../model/machine/index.ts';
import { CacheLines, COST, NOW } from './cache-lines.ts';
import { Mesh } from './mesh.ts';
import { plainProfile } from './toy-machine.test-util.ts';

const CPUS = 70;
const profile = plainProfile({ cpus_per_socket: 33 });
const { line: costs, atomic } = profile;
const mesh = new Mesh(33, costs.dirty_local);
const socketOf = (cpu: number) => Math.floor(cpu / 33);

/**
 * A line as one would write it down: who modified it last and nobody has read since, who has a copy, when it is free, and until when each CPU
 * that took it from another has it although others asked for it since.
 */
class NaiveLine {
  modifiedBy: number | undefined;
  copies = new Set<number>();
  freeAt = 0;
  kept = new Map<number, number>();
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  /** Nanoseconds an access costs. */
  access(cpu: number, kind: AccessKind, now: number): number {
    const prefix = kind === ATOMIC ? atomic : 0;
    if (this.modifiedBy !== cpu && now + prefix < (this.kept.get(cpu) ?? 0))
      return prefix + costs.hit;
    const from = this.modifiedBy;
    const paid = prefix + this.#move(cpu, kind !== READ, now + prefix);
    if (kind === READ) {
      if (this.modifiedBy !== cpu) this.modifiedBy = undefined;
      this.copies.add(cpu);
    } else {
      if (from !== undefined && from !== cpu) {
        this.kept.set(cpu, now + paid + mesh.detours[mesh.detour(from, this.number, cpu)]!);
      }
      this.modifiedBy = cpu;
      this.copies = new Set([cpu]);
    }
    return paid;
  }

  #move(cpu: number, writes: boolean, at: number): number {
    const others = [...this.copies].filter((c) => c !== cpu);
    const near = others.some((c) => socketOf(c) === socketOf(cpu));
    const far = others.some((c) => socketOf(c) !== socketOf(cpu));
    if (this.copies.has(cpu) && (!writes || others.length === 0)) return costs.hit;
    const owner = this.modifiedBy;
    if (owner !== undefined) {
      const local = socketOf(owner) === socketOf(cpu);
      return this.#occupy(at, local ? costs.dirty_local : costs.dirty_remote);
    }
    if (writes) {
      if (this.copies.size === 0) return this.#occupy(at, costs.memory);
      return this.#occupy(at, far ? costs.upgrade_remote : costs.upgrade_local);
    }
    const fetch = near ? costs.shared_local : far ? costs.shared_remote : costs.memory;
    return Math.max(0, this.freeAt - at) + fetch;
  }

  #occupy(at: number, time: number): number {
    this.freeAt = Math.max(at, this.freeAt) + time;
    return this.freeAt - at;
  }
}

test('lines cost what a plain account of owners and copies says', () => {
  const access = fc.record({
    cpu: fc.oneof(fc.nat(3), fc.integer({ min: 30, max: 36 }), fc.nat(CPUS - 1)),
    line: fc.nat(2),
    kind: fc.constantFrom<AccessKind>(READ, WRITE, ATOMIC),
    wait: fc.oneof(fc.constant(0), fc.nat(600)),
  });
  fc.assert(
    fc.property(fc.array(access, { maxLength: 120 }), (accesses) => {
      const lines = new CacheLines(3, CPUS, profile, false);
      const naive = [0, 1, 2].map((number) => new NaiveLine(number));
      let now = 0;
      for (const { cpu, line, kind, wait } of accesses) {
        now += wait;
        lines.clock[NOW] = now * 1000;
        lines.clock[COST] = 0;
        lines.access(cpu, line, kind);
        const before = naive[line]?.kept.get(cpu);
        expect((lines.clock[COST] as number) / 1000).toBe(naive[line]?.access(cpu, kind, now));
        // A CPU knows of one line only: the last it took from another.
        if (naive[line]?.kept.get(cpu) === before) continue;
        for (const other of naive) if (other.number !== line) other.kept.delete(cpu);
      }
    }),
    { numRuns: 300 },
  );
});
