import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createDecoder } from './decoder.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';

/**
 * Milliseconds an Escape waits for the rest of a sequence. A terminal on this machine writes a sequence in
 * one piece, and a slow serial line has a byte every one; what comes over a network may be cut in two.
 */
const ESCAPE_MS = { here: 10, remote: 40 } as const;

/** What comes from the terminal, as events; they wait while nobody listens. */
export interface TerminalInput extends Pick<EventQueue, 'listen'> {
  /** Bytes of the terminal, cut anywhere. */
  write(bytes: Buffer | string): void;
}

/** Events of the bytes that are written to it. `remote` is whether they come over a network. */
export function createTerminalInput(remote = false): TerminalInput {
  const decoder = createDecoder();
  const characters = new StringDecoder('utf8');
  const { push, listen } = createEventQueue();
  const wait = remote ? ESCAPE_MS.remote : ESCAPE_MS.here;
  let timer: NodeJS.Timeout | undefined;
  let check: NodeJS.Immediate | undefined;
  // A program that was busy past the time must read first what came meanwhile.
  const expire = (): void => {
    check = setImmediate(() => push(decoder.flush()));
  };
  return {
    write: (bytes) => {
      clearTimeout(timer);
      clearImmediate(check);
      push(decoder.push(typeof bytes === 'string' ? bytes : characters.write(bytes)));
      if (decoder.pending()) timer = setTimeout(expire, wait);
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

/** Whether the terminal is that of another machine: sshd tells, and mosh with it. */
export function isRemote(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.SSH_CONNECTION || env.SSH_CLIENT || env.SSH_TTY);
}
