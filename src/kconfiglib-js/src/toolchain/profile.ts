import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { KconfigError } from '../diagnostics/diagnostic.ts';
import type { Shell, ShellContext, ShellRequest } from '../preprocess/shell.ts';
import { sha256 } from './sha256.ts';

/**
 * Recorded answers of one toolchain.
 *
 * A key is the user macro with its expanded arguments, `cc-option(-fstack-protector)`, or `shell(command)` where no
 * macro with arguments was involved; the path of the source tree is written `$(srctree)`. Longer texts are kept as the
 * head of their SHA-256 with the name of the script or tool they run, so that a profile holds facts and no tree's text. Blanks do not matter.
 */
export interface ToolchainProfile {
  schema: 1;
  name: string;
  description: string;
  /** Environment the answers belong to: CC, LD, CC_VERSION_TEXT and so on. */
  environment: Record<string, string>;
  answers: Record<string, string>;
}

/** Texts up to this length are written out in keys. */
const READABLE = 48;

/** The key under which the answer to a question is recorded. */
export function answerKey(request: ShellRequest, context: ShellContext = {}): string {
  const named = request.macro && request.macro.args.length > 0 ? request.macro : undefined;
  const raw = named ? named.args.join(',') : request.command;
  const portable = context.srctree ? raw.replaceAll(context.srctree, '$(srctree)') : raw;
  const text = portable.trim().replace(/\s+/g, ' ');
  return `${named?.name ?? 'shell'}(${text.length <= READABLE ? text : digest(text)})`;
}

function digest(text: string): string {
  const hash = sha256(text).slice(0, 16);
  const script = /[\w.-]+\.(?:sh|py|pl)\b/.exec(text)?.[0];
  const tool = /^[\w./-]+/.exec(text.trim())?.[0];
  return `#${hash} ${script ?? basename(tool ?? 'command')}`;
}

/**
 * A shell that answers from a profile and runs nothing. What `expr` makes of two numbers is computed. `name` is used in
 * messages.
 */
export function toolchainProfile(
  json: unknown | ToolchainProfile,
  name = 'toolchain profile',
): Shell {
  const answers = new Map(Object.entries(checkProfile(json, name).answers));
  return (request, context) =>
    answers.get(answerKey(request, context)) ?? computed(request.command);
}

/** What `expr 160000 / 10000` prints; it is no fact of a toolchain. */
function computed(command: string): string | undefined {
  const found = /^\s*expr\s+(-?\d+)\s+([-+/%])\s+(-?\d+)\s*$/.exec(command);
  if (!found) return undefined;
  const [left, right] = [BigInt(found[1] as string), BigInt(found[3] as string)];
  switch (found[2]) {
    case '+':
      return String(left + right);
    case '-':
      return String(left - right);
    default:
      if (right === 0n) return undefined;
      return String(found[2] === '/' ? left / right : left % right);
  }
}

/** Check that a parsed JSON text is a profile. */
export function checkProfile(json: unknown, name: string): ToolchainProfile {
  const problem = (message: string): never => {
    throw new KconfigError([
      { code: 'bad-profile', severity: 'error', message: `${name}: ${message}` },
    ]);
  };
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return problem('is not a JSON object');
  const profile = json as Partial<ToolchainProfile>;
  if (profile.schema !== 1) problem(`has schema ${JSON.stringify(profile.schema)}, expected 1`);
  for (const key of ['environment', 'answers'] as const) {
    const table: unknown = profile[key];
    if (typeof table !== 'object' || table === null) problem(`has no "${key}"`);
    for (const [entry, value] of Object.entries(table as object)) {
      if (typeof value !== 'string')
        problem(`"${key}" has an entry ${JSON.stringify(entry)} that is not a text`);
    }
  }
  return profile as ToolchainProfile;
}

/** A profile that comes with the package. */
export function loadShippedProfile(name: 'gcc-12-x86_64' = 'gcc-12-x86_64'): ToolchainProfile {
  const url = new URL(`../../profiles/${name}.json`, import.meta.url);
  return checkProfile(JSON.parse(readFileSync(url, 'utf8')), name);
}
