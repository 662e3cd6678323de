import { describe, expect, it } from 'vitest';
import { bullets } from '../document.ts';
import { fixtureResult } from '../fixture.test-util.ts';
import { buildReport, diffCells } from '../index.ts';
import { renderText } from '../render-text.ts';
import { movesOf } from './moves.ts';

const report = buildReport(fixtureResult());

function sentences(left: string, right: string): string {
  return renderText([bullets(movesOf(diffCells(report, left, right)))], {
    width: 1000,
    colour: false,
  });
}

describe('what moves', () => {
  it('says when callers fall back to mmap_lock, with the counts', () => {
    expect(sentences('v7.0:64BIT=y,SMP=y', 'v7.0:64BIT=y,SMP=n')).toBe(
      '  - do_user_addr_fault moves from the VMA lock to mmap_lock: do_user_addr_fault:lock_vma_under_rcu sometimes -> always (hits: page_fault1 6 -> 4,096, mixed 6 -> 4,096).\n' +
        '  - find_tcp_vma moves from the VMA lock to mmap_lock: find_tcp_vma:lock_vma_under_rcu sometimes -> always.\n' +
        '  - page_fault1: vma_lock_success 4,090 -> not counted, mmap_lock taken for reading 6 -> 4,096.\n' +
        '  - mixed: vma_lock_success 4,090 -> not counted, mmap_lock taken for reading 6 -> 4,096.\n',
    );
  });

  it('says when a fallback goes, and when it comes', () => {
    const [from, to] = ['v7.0:64BIT=y,SMP=y', 'all-builds-v2:64BIT=y,SMP=y'];
    expect(sentences(from, to)).toBe(
      '  - find_tcp_vma loses its fallback: find_tcp_vma:lock_vma_under_rcu sometimes -> none.\n',
    );
    expect(sentences(to, from)).toBe(
      '  - find_tcp_vma gets a fallback: find_tcp_vma:lock_vma_under_rcu none -> sometimes.\n',
    );
  });
});
