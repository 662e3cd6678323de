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

/**
 * A patch or a mailbox as it was before it was sent: texts in quoted-printable and base64 decoded, those of the parts of a mail, too, and
 * line ends as the mail's head shows they were made for the way (RFC 2045, 2046; `git am` does the same). Text has one unit per byte. What
 * is no mail stays as it is.
 */
export function mailText(text: string): string {
  if (!ENCODED.test(text)) return text;
  return mailsOf(text).map(decodedMail).join('');
}

function mailsOf(text: string): string[] {
  const begins = [0];
  for (const { index } of text.matchAll(/^From /gm))
    if (index > 0 && MAIL.test(text.slice(index, index + 200))) begins.push(index);
  return begins.map((from, i) => text.slice(from, begins[i + 1]));
}

function decodedMail(mail: string): string {
  // A patch without a head may have carriage returns of its own.
  if (!/^(?:From |[\w-]+:)/.test(mail)) return mail;
  const [head] = parted(mail);
  return decoded(/\r$/m.test(head) ? mail.replaceAll('\r\n', '\n') : mail);
}

/** A head with the text below it, which may have parts with heads of their own. */
function decoded(part: string): string {
  const [head, body] = parted(part);
  const { encoding, boundary } = headOf(head);
  if (boundary !== undefined) {
    const mark = `--${boundary}`;
    const [before = '', ...parts] = body.split(`\n${mark}`);
    // The line end before a mark belongs to the mark; the first line of a part is the rest of the mark's.
    const below = parts.map((one) => {
      const at = one.indexOf('\n') + 1;
      return at === 0 ? one : one.slice(0, at) + decoded(one.slice(at));
    });
    return head + [before, ...below].join(`\n${mark}`);
  }
  if (encoding === 'base64') return head + ended(Buffer.from(body, 'base64').toString('latin1'));
  if (encoding === 'quoted-printable') return head + unquoted(body);
  return part;
}

/** The head with the empty line below it, and the rest. */
function parted(part: string): [string, string] {
  const end = /(?:^|\n)\r?\n/.exec(part);
  if (!end) return [part, ''];
  const at = end.index + end[0].length;
  return [part.slice(0, at), part.slice(at)];
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

function unquoted(body: string): string {
  return body
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

/** What follows begins a line. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
