import { clean } from './width.ts';

/** A line of text being edited. */
export interface EditLine {
  readonly text: string;
  /** Where the next character goes, in code points from the start. */
  readonly cursor: number;
}

/** A line with the cursor at its end. */
export function editLine(text: string): EditLine {
  return { text, cursor: [...text].length };
}

/** Text put in at the cursor. Control characters, such as the newlines of a paste, become spaces. */
export function insert(line: EditLine, text: string): EditLine {
  const added = [...clean(text.replace(/\s/g, ' '))];
  const { before, after } = split(line);
  return { text: [...before, ...added, ...after].join(''), cursor: before.length + added.length };
}

/** The edits a key can ask for. */
export const EDITS = {
  left: (line: EditLine) => ({ ...line, cursor: Math.max(0, line.cursor - 1) }),
  right: (line: EditLine) => ({
    ...line,
    cursor: Math.min([...line.text].length, line.cursor + 1),
  }),
  home: (line: EditLine) => ({ ...line, cursor: 0 }),
  end: (line: EditLine) => editLine(line.text),
  erase: (line: EditLine) => {
    const { before, after } = split(line);
    return joined(before.slice(0, -1), after);
  },
  delete: (line: EditLine) => {
    const { before, after } = split(line);
    return joined(before, after.slice(1));
  },
  'erase-word': (line: EditLine) => {
    const { before, after } = split(line);
    return joined([...before.join('').replace(/\S*\s*$/, '')], after);
  },
  /** Everything before the cursor, as a shell's Ctrl-U. */
  'erase-before': (line: EditLine) => joined([], split(line).after),
  'erase-after': (line: EditLine) => joined(split(line).before, []),
} as const satisfies Readonly<Record<string, (line: EditLine) => EditLine>>;

/** The part of a line that fits in `width` columns of one character each, the cursor in it. */
export function visiblePart(
  { text, cursor }: EditLine,
  width: number,
): { readonly before: string; readonly at: string; readonly after: string } {
  const characters = [...text, ' '];
  const start = Math.max(0, cursor - width + 1);
  const shown = characters.slice(start, start + width);
  const place = cursor - start;
  return {
    before: shown.slice(0, place).join(''),
    at: shown[place] ?? ' ',
    after: shown.slice(place + 1).join(''),
  };
}

function split({ text, cursor }: EditLine): { before: string[]; after: string[] } {
  const characters = [...text];
  return { before: characters.slice(0, cursor), after: characters.slice(cursor) };
}

function joined(before: readonly string[], after: readonly string[]): EditLine {
  return { text: [...before, ...after].join(''), cursor: before.length };
}
