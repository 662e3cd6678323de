import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { runShell } from './run-shell.ts';

/** Variables that name the tools of a kernel build. */
const TOOLS =
  /^(?:CC|HOSTCC|LD|AR|NM|OBJCOPY|OBJDUMP|READELF|STRIP|PAHOLE|RUSTC|BINDGEN|PYTHON3|PERL|AWK|BASH|SHELL)$/;
/** Compilers run these without their being named anywhere. */
const COMPILER_PARTS = ['cc1', 'as', 'ld', 'collect2'];
/** What looks at more than files that are named: never answered from a cache. */
const UNSTEADY =
  /(?:^|[\s;|&({`"'])(?:date|uname|hostname|git|id|whoami|env|printenv|find|ls|pwd|curl|wget|pkg-config|ps|nproc|od|shuf)(?:$|[\s;|&)}`"'])|RANDOM|\/proc\/|\/sys\//;

type Environment = Readonly<Record<string, string | undefined>>;

/** Does the answer to a command follow from the files it names. */
export function isSteady(command: string): boolean {
  return !UNSTEADY.test(command);
}

/**
 * The files the answers to commands depend on: programs, wherever PATH finds them or would find them first, files that
 * are named, and what the compiler runs in its turn. Files that are not there are among them; they could appear.
 */
export function commandFiles(commands: readonly string[], env: Environment, cwd: string): string[] {
  const files = new Set<string>(['/bin/sh']);
  const directories = (env.PATH ?? '')
    .split(':')
    .map((dir) => (isAbsolute(dir) ? dir : join(cwd, dir)));
  const tools = new Set<string>();
  for (const [name, value] of Object.entries(env))
    if (TOOLS.test(name)) for (const word of (value ?? '').split(/\s+/)) tools.add(word);
  const words = new Set(tools);
  for (const command of commands) {
    tools.add(/[\w./+-]+/.exec(command)?.[0] ?? '');
    for (const word of command.split(/[\s;|&()<>"'`$={},:]+/)) words.add(word);
    for (const [, operand] of command.matchAll(/(?:^|\s)-[defrsx]\s+"?([^\s"';&|)]+)/g))
      files.add(isAbsolute(operand as string) ? (operand as string) : join(cwd, operand as string));
  }
  for (const word of words) {
    if (word === '' || word.startsWith('-') || word.startsWith('/dev/')) continue;
    if (word.includes('/')) files.add(isAbsolute(word) ? word : join(cwd, word));
    else if (/^[\w.+-]+$/.test(word)) addProgram(word, directories, tools.has(word), files);
  }
  for (const name of ['CC', 'HOSTCC']) addCompilerParts(env[name], env, cwd, files);
  return [...files];
}

/** Add the places where PATH is searched for a program, up to the one where it is. */
function addProgram(
  word: string,
  directories: readonly string[],
  certain: boolean,
  files: Set<string>,
): void {
  const places = directories.map((dir) => join(dir, word));
  const found = places.findIndex((path) => isProgram(path));
  if (found < 0 && !certain) return;
  for (const path of found < 0 ? places : places.slice(0, found + 1)) files.add(path);
}

function isProgram(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && (stat.mode & 0o111) !== 0;
}

function addCompilerParts(
  compiler: string | undefined,
  env: Environment,
  cwd: string,
  files: Set<string>,
): void {
  if (!compiler) return;
  const ask = (option: string): string =>
    runShell(`${compiler} ${option} 2>/dev/null`, { env: { ...env }, cwd });
  for (const part of COMPILER_PARTS) {
    const path = ask(`-print-prog-name=${part}`);
    if (isAbsolute(path)) files.add(path);
    else if (path !== '') addProgram(path, (env.PATH ?? '').split(':'), true, files);
  }
  const plugin = ask('-print-file-name=plugin');
  if (isAbsolute(plugin) && existsSync(plugin)) files.add(plugin);
}
