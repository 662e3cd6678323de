import { describe, expect, it } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import type { Edition } from '../model/index.ts';
import { KernelBug } from '../model/index.ts';
import { type Question, type TraceState, verify } from './index.ts';
import { kernelSubject } from './kernel-subject.ts';
import { BASE, CONFIG } from './question.test-util.ts';

const EDITION = editionNamed('v7.0') as Edition;

/** The state after each step, those that are as before filled in. */
function statesOf(q: Question): { states: TraceState[]; steps: readonly { locks: string }[] } {
  const { trace } = verify(EDITION, CONFIG, q);
  const states: TraceState[] = [];
  for (const { state } of trace?.steps ?? []) states.push(state ?? (states.at(-1) as TraceState));
  return { states, steps: trace?.steps ?? [] };
}

/** Numbers of sequences are renamed between steps: they count for nothing. */
const withoutNumbers = ({ mms, vmas, asleep }: TraceState) => ({
  mms: mms.map(({ mm_lock_seq: _, ...mm }) => mm),
  vmas: vmas.map(({ vm_lock_seq: _, ...vma }) => vma),
  asleep,
});

describe('the locks and VMAs beside a trace', () => {
  it.each([
    { lookup: 'unlocked-as-posted' },
    { lookup: 'unlocked-as-posted', write: 'unmap' },
    { lookup: 'wait', property: 'deadlock', holding: 'vma' },
    { lookup: 'mmap_lock', property: 'killable' },
  ] as const)('are those of a machine that goes the same way: %o', (asked) => {
    const q: Question = { ...BASE, ...asked };
    const { trace } = verify(EDITION, CONFIG, q);
    const s = kernelSubject(EDITION, CONFIG, q);
    s.exec.mem.set(s.initial);
    let told: TraceState | undefined;
    for (const { thread, state } of trace?.steps ?? []) {
      s.exec.select(thread);
      try {
        s.exec.step();
      } catch (error) {
        if (!(error instanceof KernelBug)) throw error;
        break;
      }
      told = state ?? told;
      const now = s.traceState?.() as TraceState;
      const names = new Set(told?.vmas.map(({ name }) => name));
      const shown = { ...now, vmas: now.vmas.filter(({ name }) => names.has(name)) };
      expect(withoutNumbers(told as TraceState)).toEqual(withoutNumbers(shown));
    }
    expect(told).toBeDefined();
  });

  it('show a VMA that goes away, and which thread has which lock', () => {
    const { states } = statesOf({ ...BASE, lookup: 'unlocked-as-posted', write: 'unmap' });
    const [name] = states[0]?.vmas.find(({ attached }) => attached)?.name.split(' ') ?? [];
    const life = states.map(({ vmas }) => vmas.find((vma) => vma.name === name));
    expect(life[0]).toMatchObject({ free: false, attached: { mm: 'mm#0' } });
    expect(life.some((vma) => vma?.attached === null && vma.lock === 'detached')).toBe(true);
    expect(life.some((vma) => vma?.lock === 'W detached')).toBe(true);
    const held = states.flatMap(({ mms }) => mms[0]?.held_by ?? []);
    expect(new Set(held)).toEqual(new Set([0, 1]));
  });

  it('show who sleeps where nobody can go on', () => {
    const { states } = statesOf({ ...BASE, lookup: 'wait', property: 'deadlock', holding: 'vma' });
    expect(states[0]?.asleep).toEqual([]);
    expect(states.at(-1)?.asleep).toEqual([0, 1]);
  });

  it('agree with the locks in short', () => {
    const { states, steps } = statesOf({ ...BASE, lookup: 'unlocked-as-posted' });
    states.forEach(({ mms }, i) => {
      expect(steps[i]?.locks).toMatch(
        new RegExp(`^mmap_lock ${mms[0]?.mmap_lock.replace('+', '\\+')},`),
      );
    });
  });
});
