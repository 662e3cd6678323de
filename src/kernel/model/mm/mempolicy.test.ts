import { describe, expect, it } from 'vitest';
import { counted } from '../counted.test-util.ts';
import { MBIND_FLAGS, MEMPOLICY_FLAGS, MPOL } from '../uapi.ts';
import { type ScriptOp, UP64 } from '../user-script.test-util.ts';

const AT = 0x50000;
const FIXED = 0x32;
const EFAULT = -14;
const EINVAL = -22;
const ENOENT = -2;
const EOPNOTSUPP = -95;
const ENOSYS = -38;
const MAP: ScriptOp = ['mmap', 12, 3, FIXED, AT];

/** Ranges from AT on, as offsets from there. */
const near = (ranges: readonly [number, number][]) =>
  ranges.filter(([s]) => s >= AT && s < AT + 64).map(([s, e]) => [s - AT, e - AT]);

describe('mbind', () => {
  it('splits and merges as a change of flags does', () => {
    const cut = counted([MAP], [['mbind', AT + 4, 4, MPOL.bind]]);
    expect(cut).toMatchObject({ results: [0], write: 1, vmas: 3, find_vma: 3, dup: 2, free: 0 });
    expect(near(cut.ranges)).toEqual([
      [0, 4],
      [4, 8],
      [8, 12],
    ]);
    const back = counted(
      [MAP, ['mbind', AT + 4, 4, MPOL.bind]],
      [['mbind', AT + 4, 4, MPOL.default]],
    );
    expect(back).toMatchObject({ results: [0], write: 1, vmas: 3, find_vma: 3, dup: 0, free: 2 });
    expect(near(back.ranges)).toEqual([[0, 12]]);
  });

  it('locks the VMA even where it has that policy already, but not in 6.4', () => {
    const setup: ScriptOp[] = [MAP, ['mbind', AT, 12, MPOL.bind]];
    expect(counted(setup, [['mbind', AT, 12, MPOL.bind]])).toMatchObject({ vmas: 1, dup: 0 });
    expect(counted(setup, [['mbind', AT, 12, MPOL.bind]], { edition: 'v6.4' })).toMatchObject({
      vmas: 0,
    });
  });

  it('fails at a hole unless it takes a policy away', () => {
    const setup: ScriptOp[] = [MAP, ['munmap', AT + 4, 4]];
    const all = (mode: number): ScriptOp => ['mbind', AT - 1, 13, mode];
    const within: ScriptOp = ['mbind', AT, 12, MPOL.bind];
    expect(counted(setup, [all(MPOL.bind)])).toMatchObject({ results: [EFAULT], vmas: 1 });
    expect(counted(setup, [within])).toMatchObject({ results: [EFAULT], vmas: 1 });
    expect(counted(setup, [all(MPOL.default)])).toMatchObject({ results: [0], vmas: 2 });
    expect(counted([], [['mbind', AT, 4, MPOL.default]])).toMatchObject({
      results: [EFAULT],
      write: 1,
    });
    expect(counted([MAP], [['mbind', AT, 4, MPOL.bind, 8]])).toMatchObject({
      results: [EINVAL],
      write: 0,
    });
    const strict = MBIND_FLAGS.strict | MBIND_FLAGS.move;
    expect(counted([MAP], [['mbind', AT, 12, MPOL.bind, strict]])).toMatchObject({ results: [0] });
  });

  it('keeps apart what has another policy', () => {
    const c = counted([MAP, ['mbind', AT, 12, MPOL.local]], [['mmap', 4, 3, FIXED, AT + 12]]);
    expect(near(c.ranges)).toEqual([
      [0, 12],
      [12, 16],
    ]);
  });
});

it('a home node is for policies that take several nodes', () => {
  const home: ScriptOp = ['set_mempolicy_home_node', AT, 12];
  expect(counted([MAP], [home])).toMatchObject({ results: [ENOENT], write: 1, vmas: 0 });
  expect(counted([MAP, ['mbind', AT, 12, MPOL.local]], [home])).toMatchObject({
    results: [EOPNOTSUPP],
  });
  const bound: ScriptOp[] = [MAP, ['mbind', AT, 12, MPOL.bind]];
  expect(counted(bound, [home])).toMatchObject({ results: [0], vmas: 1 });
});

it('get_mempolicy looks under mmap_lock, and brings a page in to ask for its node', () => {
  const { addr, node } = MEMPOLICY_FLAGS;
  expect(counted([MAP], [['get_mempolicy', AT, addr]])).toMatchObject({
    results: [0],
    read: 1,
    find_vma: 0,
  });
  expect(counted([MAP], [['get_mempolicy', AT, addr | node]])).toMatchObject({
    results: [0],
    read: 2,
    find_vma: 1,
  });
  expect(counted([], [['get_mempolicy', AT, addr]])).toMatchObject({ results: [EFAULT], read: 1 });
  expect(
    counted(
      [],
      [
        ['get_mempolicy', 0, 0],
        ['get_mempolicy', AT, 0],
      ],
    ),
  ).toMatchObject({ results: [0, EINVAL], read: 0 });
});

it('move_pages locks for each page, or for each sixteen it asks about', () => {
  expect(counted([MAP], [['move_pages', AT, 40, 0]])).toMatchObject({ results: [0], read: 40 });
  expect(counted([MAP], [['move_pages', AT, 40, 1]])).toMatchObject({ results: [0], read: 3 });
});

it('a kernel without NUMA has none of it', () => {
  const calls: ScriptOp[] = [
    ['mbind', AT, 4, MPOL.bind],
    ['move_pages', AT, 4, 0],
  ];
  expect(counted([MAP], calls, { options: UP64 }).results).toEqual([ENOSYS, ENOSYS]);
});
