import { expect, it } from 'vitest';
import { counted } from '../counted.test-util.ts';
import { PAGEMAP_SCAN_FLAGS, UFFD_FEATURES } from '../uapi.ts';
import type { ScriptOp } from '../user-script.test-util.ts';

const AT = 0x50000;
const FIXED = 0x32;
const WP = 2;
const { wp_matching, check_wpasync } = PAGEMAP_SCAN_FLAGS;

const once = (setup: readonly ScriptOp[], run: readonly ScriptOp[], edition = 'v6.12') =>
  counted(setup, run, { edition, size: { pages: 4096 } });
const area = (n: number): ScriptOp[] => [
  ['mmap', n, 3, FIXED, AT],
  ...Array.from({ length: n }, (_, i): ScriptOp => ['write', AT + i]),
];
const watch = (n: number): ScriptOp[] => [
  ['userfaultfd', UFFD_FEATURES.wp_async],
  ['uffd_register', AT, n, WP],
];

it('walks under one mmap_lock', () => {
  const scan: ScriptOp = ['proc_pagemap_scan', AT, 8, 0];
  expect(once(area(8), [scan])).toMatchObject({ results: [0], read: 1, vmas: 0, find_vma: 2 });
});

it('protects what was written, so that the next write is seen', () => {
  const scan: ScriptOp = ['proc_pagemap_scan', AT, 8, wp_matching | check_wpasync];
  const c = once(
    [...area(8), ...watch(8)],
    [scan, ['write', AT], ['write', AT], ['write', AT + 1]],
  );
  expect(c).toMatchObject({ results: [0, 0, 0, 0], faults: 2 });
});

it('leaves alone, or refuses, what cannot be protected', () => {
  const EPERM = -1;
  const skip: ScriptOp = ['proc_pagemap_scan', AT, 8, wp_matching];
  const check: ScriptOp = ['proc_pagemap_scan', AT, 8, wp_matching | check_wpasync];
  const c = once(area(8), [skip, ['write', AT], check]);
  expect(c).toMatchObject({ results: [0, 0, EPERM], faults: 0, read: 2 });
});

it('comes back for more when there are more regions than it can keep', () => {
  const N = 1200;
  const odd = Array.from({ length: N / 2 }, (_, i): ScriptOp => ['write', AT + 2 * i + 1]);
  const protect: ScriptOp = ['uffd_writeprotect', AT, N, 1];
  const c = once(
    [['mmap', N, 3, FIXED, AT], ...watch(N), protect, ...odd],
    [['proc_pagemap_scan', AT, N, 0]],
  );
  expect(c).toMatchObject({ results: [0], read: 2 });
});

it('is not there before 6.7', () => {
  expect(once(area(1), [['proc_pagemap_scan', AT, 1, 0]], 'v6.6').results).toEqual([-25]);
});
