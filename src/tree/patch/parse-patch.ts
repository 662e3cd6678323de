import { type Diagnostic, errorDiagnostic, InputError } from '../../input/index.ts';
import { MAX_LINE_BYTES, TOO_LONG } from '../scan/read-file.ts';
import type { BinaryChange } from './git-binary.ts';
import { MAIL, type MailText, mailText } from './mail-text.ts';
import { linesOf } from './merge3.ts';

/** One line of a hunk: kept, taken away or added. Bytes as units of one each; its line end belongs to it. */
export interface PatchLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** A hunk of a unified diff. */
export interface Hunk {
  /** Where it is in the patch, for messages. */
  readonly line: number;
  /** First line of the old file, from 1; 0 for an empty one. */
  readonly oldStart: number;
  readonly lines: readonly PatchLine[];
}

/** What a patch does to one file. Paths are those in the tree; undefined stands for no file. */
export interface FilePatch {
  readonly line: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** `rename from` and `copy from`: git takes the old file as it was before the patch; after a copy it stays. */
  readonly moves: 'rename' | 'copy' | undefined;
  /** What the patch was made for, as git names contents: 7 to 40 hex digits; zeros for no file. */
  readonly oldId: string | undefined;
  /** A symbolic link or a submodule, before or after: no file that is read. */
  readonly irregular: boolean;
  /** Of a file that is no text. */
  readonly binary?: BinaryChange;
  readonly hunks: readonly Hunk[];
}

/** A patch: its subject if it is a mail, and its files in order. */
export interface Patch {
  readonly file: string;
  readonly subject: string;
  readonly files: readonly FilePatch[];
}

/**
 * Read patches: the output of `git format-patch` or `git diff`, a mailbox of such mails, a plain unified diff; with or without a folder
 * in front of the names. Text around the diffs is passed over; lines of mails that were encoded are told by where they begin in the file.
 * `text` has one unit per byte. Throws an InputError with file and line for a diff that is cut off, for a binary change without its bytes, and if there is
 * no diff at all.
 */
export function parsePatches(text: string, file: string): Patch[] {
  const parser = new Parser(mailText(text), file);
  const patches = parser.all();
  if (patches.every(({ files }) => files.length === 0)) {
    throw new InputError([errorDiagnostic('no-patch', `${file} holds no unified diff`)]);
  }
  return patches;
}

const BINARY = /^Binary files .* differ$/;
/** What is looked at outside of diffs begins with one of these. */
const TELLING = new Set('FSBd-');
/** More lines than this no file has: git's numbers end there, too. */
const MOST_LINES = 2 ** 31 - 1;
/** So much of a line is looked at for the subject of a mail. */
const SUBJECT = 1000;
const NO_BYTES = 'a binary change without its bytes cannot be applied';
const NO_FILE = 'neither before nor after there is a file';
const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

class Parser {
  readonly #lines: readonly string[];
  readonly #file: string;
  readonly #numbers: readonly number[] | undefined;
  #at = 0;
  /** Have names no folder in front of them (`--no-prefix`, `patch -p0`). */
  #isBare = false;

  constructor({ text, numbers }: MailText, file: string) {
    this.#numbers = numbers;
    // Kept with their ends: a file may lack the last one, or have carriage returns.
    this.#lines = linesOf(text);
    this.#file = file;
    const long = this.#lines.findIndex((line) => line.length > MAX_LINE_BYTES);
    if (long >= 0) this.#fault(TOO_LONG, this.#numberOf(long));
  }

  all(): Patch[] {
    const patches: { file: string; subject: string; files: FilePatch[] }[] = [];
    let current: { file: string; subject: string; files: FilePatch[] } | undefined;
    let isHead = false;
    for (; this.#at < this.#lines.length; ) {
      if (!TELLING.has((this.#lines[this.#at] as string)[0] as string)) {
        this.#at++;
        continue;
      }
      const line = this.#line();
      const isMail = MAIL.test(line);
      if (isMail || !current) {
        isHead = isMail;
        current = { file: this.#file, subject: '', files: [] };
        patches.push(current);
      }
      const subject = /^Subject: (?:\[[^\]]*\] *)*(.*)$/.exec(line.slice(0, SUBJECT));
      if (subject && current.files.length === 0) {
        let whole = subject[1] as string;
        while (/^[ \t]+\S/.test(this.#line(1))) {
          whole += ` ${this.#line(1).trim()}`;
          this.#at++;
        }
        current.subject = whole;
      }
      if (line.startsWith('diff --git ')) current.files.push(this.#gitFile());
      else if (line.startsWith('--- ') && this.#line(1).startsWith('+++ ')) {
        current.files.push(this.#plainFile());
      } else if (BINARY.test(line) && !(isHead && current.files.length === 0)) {
        this.#fault(NO_BYTES);
      } else this.#at++;
    }
    return patches.filter(({ files }) => files.length > 0);
  }

  /** The number a line has in the file. */
  #numberOf(at: number): number {
    return this.#numbers === undefined ? at + 1 : (this.#numbers[at] ?? this.#numbers.at(-1) ?? 1);
  }

  #line(ahead = 0): string {
    return (this.#lines[this.#at + ahead] ?? '').replace(/\r?\n$/, '');
  }

  #fault(message: string, line = this.#numberOf(this.#at)): never {
    const diagnostic: Diagnostic = errorDiagnostic('bad-patch', message, {
      file: this.#file,
      line,
      column: 1,
    });
    throw new InputError([diagnostic]);
  }

  #gitFile(): FilePatch {
    const line = this.#numberOf(this.#at);
    const names = /^diff --git (.*)$/.exec(this.#line())?.[1] as string;
    const given = gitNames(names);
    if (given[0] !== undefined) this.#isBare = given[0] === given[1];
    let [from, to] = this.#isBare ? given : given.map((name) => name && stripped(name));
    let moves: FilePatch['moves'];
    let oldId: string | undefined;
    let irregular = false;
    let isNew = false;
    let gone = false;
    for (this.#at++; this.#at < this.#lines.length; this.#at++) {
      const header = this.#line();
      irregular ||= /^(?:(?:old|new|new file|deleted file) mode|index \S+) 1[26]0000$/.test(header);
      oldId ??= /^index ([0-9a-f]{4,40})\.\./.exec(header)?.[1];
      if (/^(?:old mode|new mode|similarity index|dissimilarity index|index )/.test(header))
        continue;
      const found = /^(rename|copy) (from|to) (.*)$/.exec(header);
      if (found) {
        moves = found[1] as 'rename' | 'copy';
        if (found[2] === 'from') from = unquoted(found[3] as string);
        else to = unquoted(found[3] as string);
      } else if (header.startsWith('new file mode')) isNew = true;
      else if (header.startsWith('deleted file mode')) gone = true;
      else break;
    }
    if (BINARY.test(this.#line())) this.#fault(NO_BYTES);
    const binary = this.#line() === 'GIT binary patch' ? this.#bytes() : undefined;
    let hunks: Hunk[] = [];
    if (this.#line().startsWith('--- ') && this.#line(1).startsWith('+++ ')) {
      const plain = this.#plainFile();
      hunks = [...plain.hunks];
      if (plain.from === undefined) isNew = true;
      if (plain.to === undefined) gone = true;
      from ??= plain.from;
      to ??= plain.to;
    } else if (this.#line().startsWith('--- ')) this.#fault('the name of the new file is missing');
    if (isNew && gone) this.#fault(NO_FILE, line);
    return {
      line,
      from: isNew ? undefined : this.#safe(from, line),
      to: gone ? undefined : this.#safe(to, line),
      moves,
      oldId,
      irregular,
      ...(binary && { binary }),
      hunks,
    };
  }

  /** The bytes of a file, and over those of what it was, each up to an empty line (git's diff.c, emit_binary_diff_body). */
  #bytes(): BinaryChange {
    this.#at++;
    const forward = this.#fragment();
    if (!forward) this.#fault(NO_BYTES, this.#at);
    this.#fragment();
    return forward;
  }

  #fragment(): BinaryChange | undefined {
    const found = /^(literal|delta) (\d+)$/.exec(this.#line());
    if (!found) return undefined;
    const lines: string[] = [];
    this.#at++;
    for (; this.#at < this.#lines.length && this.#line() !== ''; this.#at++)
      lines.push(this.#line());
    this.#at++;
    return { kind: found[1] as BinaryChange['kind'], size: Number(found[2]), lines };
  }

  #plainFile(): FilePatch {
    const line = this.#numberOf(this.#at);
    const [old, now] = this.#headerNames();
    if (old === undefined && now === undefined) this.#fault(NO_FILE, line);
    this.#at += 2;
    const hunks: Hunk[] = [];
    while (HUNK.test(this.#line())) hunks.push(this.#hunk());
    if (hunks.length === 0) this.#fault('a hunk (@@ -1,2 +1,2 @@) is wanted here');
    const from = old === undefined ? undefined : this.#safe(old, line);
    const to = now === undefined ? undefined : this.#safe(now, line);
    return { line, from, to, moves: undefined, oldId: undefined, irregular: false, hunks };
  }

  /** The names of a diff, without the folder in front of them; where both are the same there is none. */
  #headerNames(): (string | undefined)[] {
    const names = [this.#line(), this.#line(1)].map((line) => headerName(line.slice(4)));
    const [old, now] = names;
    if (old !== undefined && now !== undefined) this.#isBare = old === now;
    return this.#isBare ? names : names.map((name) => name && stripped(name));
  }

  #hunk(): Hunk {
    const line = this.#numberOf(this.#at);
    const [, start, oldCount = '1', , newCount = '1'] = HUNK.exec(this.#line()) as RegExpExecArray;
    let [left, right] = [Number(oldCount), Number(newCount)];
    if (Math.max(left, right, Number(start)) > MOST_LINES) {
      this.#fault('no file has so many lines', line);
    }
    this.#at++;
    const lines: PatchLine[] = [];
    while (left > 0 || right > 0) {
      const raw = this.#lines[this.#at];
      if (raw === undefined) this.#fault('the patch ends within a hunk', line);
      // Mail programs take the blank of an empty line away.
      const sign = raw.replace(/\r?\n$/, '') === '' ? ' ' : (raw[0] as string);
      if (sign === '\\') {
        this.#at++;
        withoutEnd(lines);
        continue;
      }
      if (sign !== ' ' && sign !== '-' && sign !== '+') {
        this.#fault(`a line of a hunk begins with a blank, + or -, not ${JSON.stringify(sign)}`);
      }
      if (sign !== '+') left--;
      if (sign !== '-') right--;
      if (left < 0 || right < 0) this.#fault('the hunk has more lines than its header says');
      const text = raw.replace(/\r?\n$/, '') === '' ? raw : raw.slice(1);
      lines.push({ sign, text: text.endsWith('\n') ? text : `${text}\n` });
      this.#at++;
    }
    if (this.#line().startsWith('\\')) {
      this.#at++;
      withoutEnd(lines);
    }
    return { line, oldStart: Number(start), lines };
  }

  /** A path that leaves the tree is no path of a patch. */
  #safe(path: string | undefined, line: number): string {
    if (path === undefined) this.#fault('the name of the file is missing', line);
    const parts = path.split('/');
    const whole = parts.filter((part) => part !== '' && part !== '.').join('/');
    if (whole === '' || path.startsWith('/') || parts.includes('..') || path.includes('\0')) {
      this.#fault(`${shortened(JSON.stringify(path))} is no path within a tree`, line);
    }
    return whole;
  }
}

/** A name of megabytes is no use in a message. */
function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** `\ No newline at end of file` is about the line before it. */
function withoutEnd(lines: PatchLine[]): void {
  const last = lines.pop();
  if (last) lines.push({ ...last, text: last.text.replace(/\n$/, '') });
}

/** `a/x b/x`, quoted if they must be. Without a header of its own the name is the same on both sides. */
function gitNames(text: string): [string | undefined, string | undefined] {
  const quoted = /^("(?:\\.|[^"\\])*"|\S+) ("(?:\\.|[^"\\])*"|\S+)$/.exec(text);
  if (quoted) return [unquoted(quoted[1]!), unquoted(quoted[2]!)];
  // Names with blanks: both halves are equal but for the prefix.
  const half = (text.length - 1) / 2;
  const [left, right] = [text.slice(0, half), text.slice(half + 1)];
  if (stripped(left) === stripped(right)) return [left, right];
  return [undefined, undefined];
}

function headerName(text: string): string | undefined {
  const name = text.startsWith('"')
    ? unquoted(text.replace(/\t.*$/, ''))
    : text.replace(/\t.*$/, '');
  const bare = name.trimEnd();
  return bare === '/dev/null' ? undefined : bare;
}

/** One leading folder is taken off, as `patch -p1` and git do. */
function stripped(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(slash + 1);
}

/** A name as git quotes it: octal escapes are bytes. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const bytes = text.slice(1, -1).replace(/\\([0-7]{3}|.)/g, (_, code: string) => {
    if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }[code] ?? code;
  });
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
