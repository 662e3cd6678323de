import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createDecoder } from './decoder.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';

/** How long an Escape waits for the rest of a sequence: longer than a slow line takes, shorter than notice. */
const ESCAPE_MS = 40;

/** What comes from the terminal, as events; they wait while nobody listens. */
export interface TerminalInput extends Pick<EventQueue, 'listen'> {
  /** Bytes of the terminal, cut anywhere. */
  write(bytes: Buffer | string): void;
}

/** Events of the bytes that are written to it. */
export function createTerminalInput(): TerminalInput {
  const decoder = createDecoder();
  const characters = new StringDecoder('utf8');
  const { push, listen } = createEventQueue();
  let timer: NodeJS.Timeout | undefined;
  return {
    write: (bytes) => {
      clearTimeout(timer);
      push(decoder.push(typeof bytes === 'string' ? bytes : characters.write(bytes)));
      if (decoder.pending()) timer = setTimeout(() => push(decoder.flush()), ESCAPE_MS);
    },
    listen,
  };
}

/**
 * A stand-in for the terminal's input that is given to Ink: raw mode and the like reach the terminal, but
 * the bytes go to `input` alone. Ink drops mouse reports and function keys, and tells pasted text, keys
 * and mouse apart out of order.
 */
export function silentStdin(stdin: NodeJS.ReadStream, input: TerminalInput): NodeJS.ReadStream {
  const take = (bytes: Buffer): void => input.write(bytes);
  const silent = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      stdin.setRawMode(raw);
      if (raw) {
        if (!stdin.listeners('data').includes(take)) stdin.on('data', take);
        stdin.resume();
      } else {
        stdin.off('data', take);
        stdin.pause();
      }
      return silent;
    },
    ref: () => {
      stdin.ref();
      return silent;
    },
    unref: () => {
      stdin.unref();
      return silent;
    },
  });
  return silent as unknown as NodeJS.ReadStream;
}
