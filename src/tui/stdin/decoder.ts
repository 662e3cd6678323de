import { type KeyName, nameOfCharacter } from '../keys/decode.ts';
import type { InputEvent, MouseEvent } from './event.ts';
import { csiKey, mouseReport, ss3Key } from './sequences.ts';

const ESCAPE = '\u001b';
const PASTE_END = '\u001b[201~';

/**
 * Tells keys, mouse reports and pasted text apart in what a terminal sends, in order and however it is
 * cut into chunks. Nothing that was typed is dropped; only what terminals say of their own accord is.
 */
export interface Decoder {
  /** The events that are whole after some more text. */
  push(text: string): InputEvent[];
  /**
   * Whether an Escape waits for what follows. When nothing does for a moment, it was the key: `flush`.
   */
  pending(): boolean;
  flush(): InputEvent[];
}

/** A decoder that has seen nothing yet. */
export function createDecoder(): Decoder {
  let rest = '';
  let pasted: string | null = null;

  const push = (text: string): InputEvent[] => {
    rest += text;
    const events: InputEvent[] = [];
    while (rest !== '') {
      if (pasted !== null) {
        if (!takePaste(events)) break;
        continue;
      }
      const taken = takeOne(rest);
      if (taken === null) break;
      rest = rest.slice(taken.length);
      if (taken.paste) pasted = '';
      events.push(...taken.events);
    }
    return events;
  };

  /** Pasted text up to its end mark, which may itself be cut in two. */
  const takePaste = (events: InputEvent[]): boolean => {
    const end = rest.indexOf(PASTE_END);
    if (end < 0) {
      const kept = Math.max(0, rest.length - PASTE_END.length + 1);
      pasted += rest.slice(0, kept);
      rest = rest.slice(kept);
      return false;
    }
    events.push({ type: 'paste', text: pasted + rest.slice(0, end) });
    pasted = null;
    rest = rest.slice(end + PASTE_END.length);
    return true;
  };

  return {
    push,
    pending: () => pasted === null && rest !== '',
    flush: () => {
      const late = rest;
      rest = '';
      return pasted === null ? [...late].map(keyOf) : [];
    },
  };
}

interface Taken {
  /** Characters used up. */
  readonly length: number;
  readonly events: readonly InputEvent[];
  /** What follows is pasted text. */
  readonly paste?: boolean;
}

/** The first event of a text; `null` where more must come to tell. */
function takeOne(text: string): Taken | null {
  if (!text.startsWith(ESCAPE)) {
    const character = String.fromCodePoint(text.codePointAt(0)!);
    return { length: character.length, events: [keyOf(character)] };
  }
  const alone: Taken = { length: 1, events: [key('escape')] };
  const next = text[1];
  if (next === undefined) return null;
  if (next === '[') return takeCsi(text) ?? null;
  if (next !== 'O') return alone;
  const letter = text[2];
  if (letter === undefined) return null;
  const named = ss3Key(letter);
  return named === null ? alone : { length: 3, events: [key(named)] };
}

/** A whole sequence; the Linux console has a second bracket in some, rxvt a dollar as the last letter. */
const SEQUENCE = /^\u001b\[(?:\[[@-~]|\d\$|[0-?]*[ -/]*[@-Z\\-~])/;
const BEGINNING = /^\u001b\[(?:\[|[0-?]*[ -/]*)$/;

function takeCsi(text: string): Taken | null {
  const sequence = SEQUENCE.exec(text);
  if (!sequence) {
    // More may follow unless what is there can be no sequence: then it was Escape and a bracket.
    return BEGINNING.test(text) ? null : { length: 1, events: [key('escape')] };
  }
  const length = sequence[0].length;
  const body = sequence[0].slice(2);
  if (body === '200~') return { length, events: [], paste: true };
  const mouse = mouseReport(body);
  if (mouse) return { length, events: mouseEvents(mouse) };
  const named = csiKey(body);
  if (named !== null) return { length, events: [key(named)] };
  return REPLY.test(body) ? { length, events: [] } : { length: 1, events: [key('escape')] };
}

/**
 * What terminals say of their own accord: focus in and out, where the cursor is, what they are. Every
 * other sequence that is no key was typed, Escape and a bracket first.
 */
const REPLY = /^[<=>?]|^[\d;]*[IORcntuxy~]$/;

const BUTTONS: Readonly<Record<number, MouseEvent['button']>> = {
  0: 'left',
  1: 'middle',
  2: 'right',
  64: 'wheel-up',
  65: 'wheel-down',
};

/** What a report says, if it is one we act on: a button let go or the pointer moved is not. */
function mouseEvents(report: NonNullable<ReturnType<typeof mouseReport>>): InputEvent[] {
  const { button: code, column, row, pressed } = report;
  // Shift, Alt and Ctrl are bits of the number.
  const button = BUTTONS[code & ~0b11100];
  return button && pressed ? [{ type: 'mouse', mouse: { button, column, row } }] : [];
}

function key(name: KeyName): InputEvent {
  return { type: 'key', key: name };
}

function keyOf(character: string): InputEvent {
  return key(nameOfCharacter(character));
}
