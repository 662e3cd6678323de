import { PIPE_ENDS } from '../fs/pipe.ts';
import type { OpSpec, ParamSpec } from './spec.ts';

const pipe: ParamSpec = { name: 'pipe', kind: 'file' };
const bytes: ParamSpec = { name: 'bytes', kind: 'integer', default: 1 };
/** Where the bytes are in the caller's memory: a page of them, however many. */
const buffer: ParamSpec = { name: 'at', kind: 'address', default: 0 };

/** Pipes, each with an end to read and one to write. */
export const PIPE_OPS = {
  pipe: { does: 'makes a pipe', params: [], returns: 'file' },
  pipe_write: {
    does: 'writes bytes to a pipe, from memory that is there or from a page; sleeps while it is full (16 pages)',
    params: [pipe, bytes, buffer],
    returns: false,
  },
  pipe_read: {
    does: 'reads what a pipe has, up to so many bytes; sleeps while it has nothing',
    params: [pipe, bytes, buffer],
    returns: false,
  },
  pipe_close: {
    does: 'closes the last descriptor of one end of a pipe: who reads what is empty finds its end, who writes gets EPIPE',
    params: [pipe, { name: 'end', kind: 'choice', names: PIPE_ENDS }],
    returns: false,
  },
} as const satisfies Readonly<Record<string, OpSpec>>;
