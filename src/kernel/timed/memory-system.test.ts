import { expect, test } from 'vitest';
import { W } from '../model/machine/index.ts';
import { COST, NOW } from './cache-lines.ts';
import { MemorySystem } from './memory-system.ts';
import { plainProfile } from './toy-machine.test-util.ts';

/** Time charged to a CPU for work that costs `cost` picoseconds by itself and begins at `at`. */
function charged(
  system: MemorySystem,
  clock: Float64Array,
  {
    cpu,
    socket = 0,
    kind,
    at = 0,
    cost = 0,
    amount = 1,
  }: Record<string, number> & { cpu: number; kind: number },
): number {
  clock[NOW] = at;
  clock[COST] = cost;
  system.charge(cpu, socket, kind, amount);
  return clock[COST] as number;
}

function machine(
  memory: { page_bytes?: number; bandwidth: number; batch: number; zone_page: number },
  sockets = 1,
  cost = 0,
) {
  const clock = new Float64Array(2);
  return {
    clock,
    system: new MemorySystem(
      4,
      sockets,
      plainProfile({
        memory: { page_bytes: 4096, ...memory },
        work: { ...plainProfile().work, clear_page: cost, copy_page: cost },
      }),
      clock,
    ),
  };
}

test('pages zeroed side by side share the bandwidth of their socket', () => {
  // 8 bytes a nanosecond: 512 ns for a page, which alone take 100.
  const { clock, system } = machine({ bandwidth: 8, batch: 1, zone_page: 0 }, 2, 100);
  const clear = { kind: W.clear_page, cost: 100_000 };
  expect(charged(system, clock, { cpu: 0, ...clear })).toBe(512_000);
  expect(charged(system, clock, { cpu: 1, ...clear })).toBe(1_024_000);
  expect(charged(system, clock, { cpu: 2, socket: 1, ...clear })).toBe(512_000);
  // Later the bus is free again.
  expect(charged(system, clock, { cpu: 0, at: 5e6, ...clear })).toBe(512_000);
});

test('work that is slower than its transfer hides it', () => {
  const { clock, system } = machine({ bandwidth: 8, batch: 1, zone_page: 0 }, 1, 600);
  const clear = { cpu: 0, kind: W.clear_page, cost: 600_000 };
  expect(charged(system, clock, clear)).toBe(600_000);
});

test('a copy moves twice as much', () => {
  const { clock, system } = machine({ bandwidth: 8, batch: 1, zone_page: 0 });
  expect(charged(system, clock, { cpu: 0, kind: W.copy_page })).toBe(1_024_000);
});

test('without a ceiling or a zone lock nothing is added', () => {
  const { clock, system } = machine({ bandwidth: 0, batch: 63, zone_page: 0 });
  for (const kind of [W.clear_page, W.page_alloc, W.page_free, W.pte_set]) {
    expect(charged(system, clock, { cpu: 0, kind, cost: 7 })).toBe(7);
  }
});

test('a batch is taken under the lock of the zone, one CPU after the other', () => {
  const { clock, system } = machine({ bandwidth: 0, batch: 10, zone_page: 5 });
  const alloc = (cpu: number) => charged(system, clock, { cpu, kind: W.page_alloc });
  expect(alloc(0)).toBe(50_000);
  expect(alloc(1)).toBe(100_000);
  // Nine more are on the CPU's own list.
  for (let i = 0; i < 9; i++) expect(alloc(0)).toBe(0);
  expect(alloc(0)).toBe(150_000);
});

test('a list that grew too long gives a batch back', () => {
  const { clock, system } = machine({ bandwidth: 0, batch: 10, zone_page: 5 });
  const free = () => charged(system, clock, { cpu: 0, kind: W.page_free });
  for (let i = 0; i < 40; i++) expect(free()).toBe(0);
  expect(free()).toBe(50_000);
});

test('who asks again and again in one long step is not in the way of others between', () => {
  const { clock, system } = machine({ bandwidth: 0, batch: 10, zone_page: 5 });
  for (let at = 0; at < 5e6; at += 1e6)
    charged(system, clock, { cpu: 0, kind: W.page_alloc, at, amount: 10 });
  // Only the last batch, not the time until then.
  expect(charged(system, clock, { cpu: 1, kind: W.page_alloc, at: 1000 })).toBe(100_000);
});
