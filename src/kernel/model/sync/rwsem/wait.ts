/** What a task that sleeps for a semaphore waits for, from the semaphore's own words. */
import type { KernelBuilder } from '../../kernel-builder.ts';
import type { DescribeWait } from '../../machine-spec.ts';
import { RWSEM, RWSEM_WRITER_LOCKED, writerOf } from './state.ts';

const { count, owner } = RWSEM.at;

/** Describes the wait of a frame whose `sem` is the semaphore. Only a writer is known by name: readers leave none. */
export function rwsemWait(b: KernelBuilder): DescribeWait {
  return (k, frame) => {
    const sem = frame.sem as number;
    const object = b.memory.nameOf(sem + count).replace(/\.count$/, '');
    const now = k.peek(sem + count);
    if (now & RWSEM_WRITER_LOCKED) {
      const holder = writerOf(k.peek(sem + owner));
      return {
        kind: 'lock',
        object,
        text: `${object}, held for writing`,
        holders: holder === 0 ? [] : [holder],
      };
    }
    const readers = now >> 8;
    const held = readers > 0 ? `held for reading by ${readers}` : 'free';
    return { kind: 'lock', object, text: `${object}, ${held}` };
  };
}
