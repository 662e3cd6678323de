import { linesOf } from './merge3.ts';

/** The line a mail of a mailbox begins with. */
export const MAIL = /^From (?:[0-9a-f]{7,64}|\S+) (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) /;

/** What a head says of the text below it. */
interface Head {
  readonly encoding: string;
  readonly boundary: string | undefined;
}

/** Is there anything to decode, or line ends of a transport. */
const ENCODED =
  /^content-transfer-encoding:[ \t]*(?:quoted-printable|base64)|^(?:From |Subject:|From:)[^\n]*\r$/im;

/** A text as it was before it was sent, and of each of its lines the number it has in the file; absent where they are the same. */
export interface MailText {
  readonly text: string;
  readonly numbers?: readonly number[];
}

/** A line with its end, and where in the file it begins. */
interface Line {
  readonly text: string;
  readonly number: number;
}

/**
 * A patch or a mailbox as it was before it was sent: texts in quoted-printable and base64 decoded, those of the parts of a mail, too, and
 * line ends as the mail's head shows they were made for the way (RFC 2045, 2046; `git am` does the same). Text has one unit per byte. What
 * is no mail stays as it is.
 */
export function mailText(text: string): MailText {
  if (!ENCODED.test(text)) return { text };
  const lines = linesOf(text).map((line, at): Line => ({ text: line, number: at + 1 }));
  const whole = mailsOf(lines).flatMap(decodedMail);
  return {
    text: whole.map((line) => line.text).join(''),
    numbers: whole.map(({ number }) => number),
  };
}

function mailsOf(lines: readonly Line[]): Line[][] {
  const mails: Line[][] = [[]];
  for (const line of lines) {
    if (MAIL.test(line.text) && mails.at(-1)?.length) mails.push([]);
    mails.at(-1)?.push(line);
  }
  return mails;
}

function decodedMail(mail: readonly Line[]): readonly Line[] {
  // A patch without a head may have carriage returns of its own.
  if (!/^(?:From |[\w-]+:)/.test(mail[0]?.text ?? '')) return mail;
  const { head } = parted(mail);
  if (!head.some(({ text }) => text.endsWith('\r\n'))) return decoded(mail);
  return decoded(mail.map(({ text, number }) => ({ text: text.replace(/\r\n$/, '\n'), number })));
}

/** A head with the text below it, which may have parts with heads of their own. */
function decoded(part: readonly Line[]): readonly Line[] {
  const { head, body } = parted(part);
  const { encoding, boundary } = headOf(head.map(({ text }) => text).join(''));
  if (boundary !== undefined) return [...head, ...decodedParts(body, `--${boundary}`)];
  if (encoding === 'base64') return [...head, ...fromBase64(body)];
  if (encoding === 'quoted-printable') return [...head, ...unquoted(body)];
  return part;
}

/** What stands before the first mark belongs to no part. */
function decodedParts(body: readonly Line[], mark: string): Line[] {
  const marks = body.flatMap(({ text }, at) => (text.startsWith(mark) ? [at] : []));
  return [
    ...body.slice(0, marks[0]),
    ...marks.flatMap((at, i) => [body[at] as Line, ...decoded(body.slice(at + 1, marks[i + 1]))]),
  ];
}

/** The head with the empty line below it, and the rest. */
function parted(part: readonly Line[]): { head: readonly Line[]; body: readonly Line[] } {
  const end = part.findIndex(({ text }) => /^\r?\n$/.test(text));
  const at = end < 0 ? part.length : end + 1;
  return { head: part.slice(0, at), body: part.slice(at) };
}

function headOf(head: string): Head {
  const whole = head.replace(/\r?\n[ \t]+/g, ' ');
  const type = /^content-type:[ \t]*(.*)$/im.exec(whole)?.[1] ?? '';
  const boundary = /^multipart\//i.test(type)
    ? /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type)
    : null;
  return {
    encoding: /^content-transfer-encoding:[ \t]*([\w-]+)/im.exec(whole)?.[1]?.toLowerCase() ?? '',
    boundary: boundary?.[1] ?? boundary?.[2],
  };
}

/** Lines that were cut for the way begin where their first piece does. */
function unquoted(body: readonly Line[]): Line[] {
  const whole: Line[] = [];
  let open: Line | undefined;
  for (const { text, number } of body) {
    const [piece, isCut] = [text.replace(/=[ \t]*\r?\n$/, ''), /=[ \t]*\r?\n$/.test(text)];
    open = { text: (open?.text ?? '') + piece, number: open?.number ?? number };
    if (isCut) continue;
    whole.push(open);
    open = undefined;
  }
  if (open) whole.push({ ...open, text: `${open.text}\n` });
  return whole.flatMap(({ text, number }) => {
    const plain = text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return linesOf(plain).map((line) => ({ text: line, number }));
  });
}

function fromBase64(body: readonly Line[]): Line[] {
  const text = Buffer.from(body.map((line) => line.text).join(''), 'base64').toString('latin1');
  // Four letters are three bytes.
  const letters = body.map((line) => line.text.replace(/[^A-Za-z0-9+/]/g, '').length);
  let at = 0;
  let behind = letters[0] ?? 0;
  let bytes = 0;
  return linesOf(text === '' || text.endsWith('\n') ? text : `${text}\n`).map((line) => {
    while (at + 1 < letters.length && Math.floor(bytes / 3) * 4 >= behind)
      behind += letters[++at] as number;
    bytes += line.length;
    return { text: line, number: body[at]?.number ?? 1 };
  });
}
