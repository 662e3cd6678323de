import { stat } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDecoder } from './decoder.ts';
import type { InputEvent } from './event.ts';
import { createTerminalInput, isRemote } from './terminal-input.ts';

/** Events as short texts. */
function told(events: readonly InputEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'key') return event.key;
    if (event.type === 'paste') return `paste ${event.text}`;
    const { button, column, row } = event.mouse;
    return `${button} ${column},${row}`;
  });
}

function decode(text: string): string[] {
  const decoder = createDecoder();
  return told([...decoder.push(text), ...decoder.flush()]);
}

describe('keys', () => {
  it('typed ahead are each a key, control characters among them', () => {
    expect(decode('jj\r\tG')).toEqual(['j', 'j', 'enter', 'tab', 'G']);
    expect(decode('a \u0004\u007fé漢')).toEqual(['a', 'space', 'ctrl+d', 'backspace', 'é', '漢']);
  });

  it('without a character are known as xterm, rxvt and the Linux console send them', () => {
    expect(decode('\u001b[A\u001bOB\u001b[5~\u001b[1~\u001b[Z')).toEqual([
      'up',
      'down',
      'pageup',
      'home',
      'shift+tab',
    ]);
    expect(decode('\u001bOP\u001b[15~\u001b[24~\u001b[[A')).toEqual(['f1', 'f5', 'f12', 'f1']);
    expect(decode('\u001b[1;5C\u001b[3;2~\u001b[5^')).toEqual([
      'ctrl+right',
      'shift+delete',
      'ctrl+pageup',
    ]);
  });

  it('after an Escape are not swallowed by it', () => {
    expect(decode('\u001bq\u001b\u001b[A\u001b')).toEqual([
      'escape',
      'q',
      'escape',
      'up',
      'escape',
    ]);
    expect(decode('\u001b[j')).toEqual(['escape', '[', 'j']);
    expect(decode('\u001bO')).toEqual(['escape', 'O']);
  });
});

describe('what is no key', () => {
  it('is a mouse report, with or without modifiers', () => {
    expect(decode('\u001b[<0;1;1M\u001b[<0;1;1m\u001b[<65;80;24M\u001b[<4;3;2M')).toEqual([
      'left 0,0',
      'wheel-down 79,23',
      'left 2,1',
    ]);
  });

  it('is text pasted, keys in it too', () => {
    expect(decode('a\u001b[200~q\r\u001b[A\u001b[201~b')).toEqual(['a', 'paste q\r\u001b[A', 'b']);
  });

  it('is dropped where the terminal says it of its own accord', () => {
    expect(decode('\u001b[I\u001b[O\u001b[12;3R\u001b[?1;2c\u001b[?0u')).toEqual([]);
  });
});

it('does not depend on how the bytes are cut', () => {
  const piece = fc.constantFrom(
    'j',
    '\u001b[A',
    '\u001b[1;5D',
    '\u001bOQ',
    '\u001b[<64;10;5M',
    '\u001b[200~q\u001b[Bx\u001b[201~',
    '漢',
    '\u001b[[C',
  );
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat()), (pieces, cuts) => {
      const text = pieces.join('');
      const places = cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b);
      const decoder = createDecoder();
      const events: InputEvent[] = [];
      let from = 0;
      for (const place of [...places, text.length]) {
        events.push(...decoder.push(text.slice(from, place)));
        from = place;
      }
      expect(told(events)).toEqual(decode(text));
      expect(decoder.pending()).toBe(false);
    }),
  );
});

it('loses no character that was typed', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-zA-Z0-9\u001b[;~]$/)), (typed) => {
      const text = typed.join('');
      const names = decode(text);
      // A key stands for its whole sequence; letters outside of sequences stand for themselves.
      const left = text.replace(/\u001b\[\[?[0-?]*[ -/]*[@-~]|\u001bO./g, '');
      for (const letter of left.match(/[a-zA-Z]/g) ?? []) expect(names).toContain(letter);
    }),
  );
});

describe('the terminal input', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('keeps events until somebody listens, in order', () => {
    const input = createTerminalInput();
    const taken: string[] = [];
    input.write('j\r');
    const stop = input.listen((events) => taken.push(...told(events)));
    input.write('\t');
    expect(taken).toEqual(['j', 'enter', 'tab']);
    stop();
    input.write('q');
    expect(taken).toHaveLength(3);
    input.listen((events) => taken.push(...told(events)));
    expect(taken.at(-1)).toBe('q');
  });

  it('takes an Escape for the key when nothing follows in time', () => {
    const input = createTerminalInput();
    const taken: string[] = [];
    input.listen((events) => taken.push(...told(events)));
    input.write('\u001b');
    vi.advanceTimersByTime(5);
    input.write('[A\u001b');
    expect(taken).toEqual(['up']);
    vi.advanceTimersByTime(20);
    expect(taken).toEqual(['up', 'escape']);
  });

  it('gives the rest of a sequence more time over a network', () => {
    const input = createTerminalInput(isRemote({ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }));
    const taken: string[] = [];
    input.listen((events) => taken.push(...told(events)));
    input.write('\u001b');
    vi.advanceTimersByTime(30);
    input.write('[A');
    expect(taken).toEqual(['up']);
    expect(isRemote({ SSH_CONNECTION: '' })).toBe(false);
  });

  it('reads what came while it was busy before it takes an Escape for the key', async () => {
    vi.useRealTimers();
    const input = createTerminalInput();
    const taken: string[] = [];
    input.listen((events) => taken.push(...told(events)));
    input.write('\u001b');
    // Comes as input does, in its turn of the event loop, and is there before that goes on.
    stat('/', () => input.write('[A'));
    const until = performance.now() + 40;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(taken).toEqual(['up']);
  });

  it('puts characters together that come in halves', () => {
    const input = createTerminalInput();
    const taken: string[] = [];
    input.listen((events) => taken.push(...told(events)));
    const bytes = Buffer.from('é');
    input.write(bytes.subarray(0, 1));
    input.write(bytes.subarray(1));
    expect(taken).toEqual(['é']);
  });
});
