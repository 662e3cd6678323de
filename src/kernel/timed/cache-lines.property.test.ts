import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccessKind, ATOMIC, READ, WRITE } from '../model/machine/index.ts';
import { CacheLines, COST, NOW } from './cache-lines.ts';
import { plainProfile } from './toy-machine.test-util.ts';

const CPUS = 70;
const profile = plainProfile({ cpus_per_socket: 33 });
const { line: costs, atomic } = profile;
const socketOf = (cpu: number) => Math.floor(cpu / 33);

/** A line as one would write it down: who modified it last and nobody has read since, who has a copy, when it is free. */
class NaiveLine {
  modifiedBy: number | undefined;
  copies = new Set<number>();
  freeAt = 0;

  /** Nanoseconds an access costs. */
  access(cpu: number, kind: AccessKind, now: number): number {
    const prefix = kind === ATOMIC ? atomic : 0;
    const paid = prefix + this.#move(cpu, kind !== READ, now + prefix);
    if (kind === READ) {
      if (this.modifiedBy !== cpu) this.modifiedBy = undefined;
      this.copies.add(cpu);
    } else {
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
      const naive = [new NaiveLine(), new NaiveLine(), new NaiveLine()];
      let now = 0;
      for (const { cpu, line, kind, wait } of accesses) {
        now += wait;
        lines.clock[NOW] = now * 1000;
        lines.clock[COST] = 0;
        lines.access(cpu, line, kind);
        expect((lines.clock[COST] as number) / 1000).toBe(naive[line]?.access(cpu, kind, now));
      }
    }),
    { numRuns: 300 },
  );
});
