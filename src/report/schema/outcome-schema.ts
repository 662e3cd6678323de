import { list, natural, nullable, object, oneOf, type Schema, text } from './dialect.ts';

const thread = { tid: natural, name: { ...text, description: 'As the workload calls it' } };
const place = { routine: text, label: text };

const stopped = {
  ...thread,
  ...place,
  at: { ...nullable(text), description: 'file:line of the workload' },
  trace: list(object(place), 'Call chain, innermost first'),
};

const when = {
  cpus: natural,
  run: { ...natural, description: 'Number of the run at this CPU count, from 1' },
  part: oneOf('setup', 'run'),
};

const waitsFor = object({
  kind: oneOf('lock', 'vma_lock', 'userfault', 'futex', 'task', 'barrier', 'event'),
  object: text,
  text: { ...text, description: 'In words that follow "waits for"' },
  holders: list(object(thread), 'Threads known to hold it, or waited for'),
});

/** How a workload that did not complete ended. */
export const failureSchema: Schema = {
  anyOf: [
    object({
      kind: { const: 'oops' },
      ...when,
      bug: text,
      thread: object(stopped),
      address: { ...nullable(text), description: 'Byte address, hexadecimal' },
      field: nullable(text),
    }),
    object({
      kind: { const: 'hung' },
      ...when,
      threads: list(object({ ...stopped, waits_for: waitsFor })),
    }),
    object({
      kind: oneOf('unsupported', 'refused'),
      ...when,
      op: text,
      error: text,
      file: text,
      line: natural,
      column: natural,
    }),
  ],
};

/** How a workload ended. */
export const outcomeSchema: Schema = {
  anyOf: [object({ kind: { const: 'completed' } }), ...(failureSchema.anyOf ?? [])],
};
