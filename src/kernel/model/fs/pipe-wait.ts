/** Sleeping until a pipe can be read, or written: wait_event_interruptible_exclusive in fs/pipe.c. */
import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, READ, type Routine, routine, TASK } from '../machine/index.ts';
import { EINTR } from '../mm/mm-core.ts';
import type { Pipes } from './pipe.ts';

/**
 * `(pipe) -> 0 or -EINTR`: nobody holds the pipe's mutex for the caller meanwhile.
 *
 * @param queue  offset of the queue to wait in
 * @param ready  looks at what the step's one access, of the pipe's ends and buffers, covers
 * @param object what a thread that sleeps there is told to wait for, before the pipe's name
 */
export function pipeWait(
  b: KernelBuilder,
  p: Pipes,
  name: string,
  queue: number,
  ready: (k: Exec, pipe: number) => boolean,
  object: string,
): Routine {
  const { prepare_to_wait_exclusive, finish_wait } = p.wait;
  const wait = b.add(
    routine(name, ['pipe', 'ret'], (v) => {
      const look = (k: Exec): boolean => {
        k.access(k.get(v.pipe) + p.at.head, READ);
        return ready(k, k.get(v.pipe));
      };
      return {
        ready_at_once(k) {
          if (look(k)) return k.ret(0);
        },
        prepare_to_wait_event: (k) => k.call(prepare_to_wait_exclusive, k.get(v.pipe) + queue),
        ready_now(k) {
          if (look(k)) return 'finish_wait';
          if (k.peek(k.task + TASK.at.sigkill) === 0) return;
          k.set(v.ret, -EINTR);
          return 'finish_wait';
        },
        schedule: (k) => k.schedule(),
        woken: () => 'prepare_to_wait_event',
        finish_wait: (k) => k.call(finish_wait, k.get(v.pipe) + queue),
        done: (k) => k.ret(k.get(v.ret)),
      };
    }),
  );
  b.waitsIn(wait, (_k, { pipe = 0 }) => ({
    kind: 'event',
    object: p.nameOf(pipe),
    text: `${object} ${p.nameOf(pipe)}`,
  }));
  return wait;
}
