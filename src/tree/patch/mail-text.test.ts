import { expect, it } from 'vitest';
import type { InputError } from '../../input/index.ts';
import { mailText } from './mail-text.ts';
import { parsePatches } from './parse-patch.ts';

const DIFF = `diff --git a/x.c b/x.c
index 1111111..2222222 100644
--- a/x.c
+++ b/x.c
@@ -1,2 +1,2 @@
 int a = 1; /* \xc3\xa9, and a line that is longer than the seventy-six characters which a mail may have */
-int b;
+int b = 2;
`;

const FROM = 'From 1234567890abcdef Mon Sep 17 00:00:00 2001\n';

/** As mail programs write it, soft line ends included. */
function quoted(text: string): string {
  return text
    .replace(/[=\x80-\xff]/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^(.{70})(?!\n)/gm, '$1=\n');
}

function base64(text: string): string {
  return `${Buffer.from(text, 'latin1').toString('base64').replace(/.{76}/g, '$&\n')}\n`;
}

const mail = (encoding: string, body: string, more = ''): string =>
  `${FROM}Subject: [PATCH] s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: ${encoding}\n${more}\n${body}`;

const hunksOf = (text: string): unknown =>
  parsePatches(text, 'p').map(({ subject, files }) => [
    subject,
    files.map(({ from, hunks }) => [from, hunks.map(({ lines }) => lines)]),
  ]);

it('reads patches of mails in quoted-printable and base64, one after the other', () => {
  const plain = mail('8bit', `why\n---\n${DIFF}-- \n2.39\n\n`);
  const want = hunksOf(plain + plain);
  const body = `why\n---\n${DIFF}-- \n2.39\n`;
  expect(
    hunksOf(`${mail('quoted-printable', quoted(body))}\n${mail('Base64', base64(body))}\n`),
  ).toEqual(want);
});

it('in the parts of a mail, and with the line ends of a transport', () => {
  const want = hunksOf(mail('8bit', DIFF));
  const parts = `${FROM}Subject: [PATCH] s\nContent-Type: multipart/mixed;\n boundary="=_b"\n\nfor old programs\n--=_b\nContent-Type: text/plain\n\nwhy\n--=_b\nContent-Type: text/x-patch\nContent-Transfer-Encoding: quoted-printable\n\n${quoted(DIFF)}\n--=_b--\n`;
  expect(hunksOf(parts)).toEqual(want);
  expect(hunksOf(mail('8bit', DIFF).replaceAll('\n', '\r\n'))).toEqual(want);
});

it('leaves alone what is no mail, and what a mail has as it is', () => {
  const crlf = DIFF.replace('int a', 'int\ta').replace('int b = 2;', 'int b =3D 2;\r');
  expect(mailText(crlf).text).toBe(crlf);
  expect(mailText(mail('8bit', crlf)).text).toBe(mail('8bit', crlf));
  const cte = `${DIFF} \nContent-Transfer-Encoding: quoted-printable\n`;
  expect(mailText(cte).text).toBe(cte);
});

it('takes names without a folder in front of them', () => {
  const bare = `diff --git mm/x.c mm/x.c
--- mm/x.c
+++ mm/x.c
@@ -1 +1 @@
-a
+b
diff --git mm/new.c mm/new.c
new file mode 100644
--- /dev/null
+++ mm/new.c
@@ -0,0 +1 @@
+a
--- mm/y.c	2020-01-01
+++ mm/y.c	2020-01-02
@@ -1 +1 @@
-a
+b
--- /dev/null	2020-01-01
+++ mm/z.c	2020-01-02
@@ -0,0 +1 @@
+b
`;
  const [patch] = parsePatches(bare, 'p');
  expect(patch?.files.map(({ from, to }) => [from, to])).toEqual([
    ['mm/x.c', 'mm/x.c'],
    [undefined, 'mm/new.c'],
    ['mm/y.c', 'mm/y.c'],
    [undefined, 'mm/z.c'],
  ]);
});

it('tells lines of encoded mails by where they begin in the file', () => {
  const body = `why\n---\n${DIFF}-- \n2.39\n`;
  const plain = mail('8bit', body);
  for (const text of [
    mail('quoted-printable', quoted(body)),
    mail('base64', base64(body)),
    mail('8bit', body),
  ].map((one) => plain + one)) {
    const { text: decoded, numbers } = mailText(text);
    const written = text.split('\n');
    const lines = decoded.split('\n').slice(0, -1);
    expect(numbers?.length ?? lines.length).toBe(lines.length);
    for (const [at, line] of lines.entries()) {
      const number = numbers?.[at] ?? at + 1;
      const raw = written[number - 1] as string;
      const two = `${raw}\n${written[number] ?? ''}`;
      // What a line of base64 holds begins somewhere in the line before.
      const shown = raw.startsWith(line.slice(0, 8));
      const held = Buffer.from(two.replace('\n', ''), 'base64').toString('latin1');
      expect(shown || held.includes(line.slice(0, 30)), `${number}: ${line}`).toBe(true);
    }
  }
  const cut = mail('quoted-printable', quoted(body.slice(0, body.indexOf('-int b'))));
  const fault = (text: string): number | undefined => {
    try {
      parsePatches(text, 'p');
    } catch (error) {
      return (error as InputError).diagnostics[0]?.span?.line;
    }
    return undefined;
  };
  const at = (plain + cut).split('\n').findLastIndex((line) => line.startsWith('@@'));
  expect(fault(plain + cut)).toBe(at + 1);
});
