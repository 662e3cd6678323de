import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A source package of Debian, and what of it is needed. */
export interface SourcePackage {
  package: string;
  /** Versions that will do; the newest that can be had is taken. Default: any. */
  version?: RegExp;
  /** Patterns of the files to unpack. Default: all. */
  parts?: readonly string[];
}

const HOME = process.env.KMATRIX_PROJECTS ?? join(tmpdir(), 'kmatrix-projects');
/** Releases beside that of the machine, which have other versions of the same projects. */
const SUITES = 'bullseye bookworm trixie sid';
let options: string[] | undefined;

/**
 * The unpacked sources of a package, from the cache (KMATRIX_PROJECTS) or fetched with apt-get into it. Undefined where
 * neither is possible. The machine's own apt settings are left as they are.
 */
export function sourceTree(name: string, wanted: SourcePackage): string | undefined {
  const tree = join(HOME, name);
  if (existsSync(tree)) return tree;
  const archive = fetch(wanted);
  if (archive === undefined) return undefined;
  const unpacked = join(HOME, `${name}.${process.pid}`);
  mkdirSync(unpacked, { recursive: true });
  const only = wanted.parts ? ['--wildcards', '--no-anchored', ...wanted.parts] : [];
  execFileSync('tar', ['xf', archive, '-C', unpacked, '--strip-components=1', ...only]);
  renameSync(unpacked, tree);
  return tree;
}

function fetch(wanted: SourcePackage): string | undefined {
  const downloads = join(HOME, 'archives');
  mkdirSync(downloads, { recursive: true });
  for (const version of versions(wanted)) {
    const spec = `${wanted.package}=${version}`;
    const upstream = version.replace(/^[0-9]+:/, '').replace(/-[^-]*$/, '');
    const find = (): string | undefined =>
      readdirSync(downloads).find((file) =>
        file.startsWith(`${wanted.package}_${upstream}.orig.tar`),
      );
    if (find() === undefined) apt(['source', '--tar-only', '--only-source', spec], downloads);
    const file = find();
    if (file !== undefined) return join(downloads, file);
  }
  return undefined;
}

/** Versions on offer, the newest first. */
function versions({ package: name, version = /./ }: SourcePackage): string[] {
  const shown = apt(['showsrc', name], HOME, 'apt-cache') ?? '';
  const found = [...shown.matchAll(/^Package: (.*)\n(?:.*\n)*?Version: (.*)$/gm)]
    .filter((match) => match[1] === name && version.test(match[2] as string))
    .map((match) => match[2] as string);
  return [...new Set(found)].reverse();
}

function apt(args: readonly string[], cwd: string, command = 'apt-get'): string | undefined {
  options ??= settings();
  try {
    const run = { cwd, stdio: ['ignore', 'pipe', 'ignore'] as const, maxBuffer: 1 << 26 };
    return execFileSync(command, [...options, ...args], {
      ...run,
      stdio: [...run.stdio],
    }).toString();
  } catch {
    return undefined;
  }
}

/** Settings of apt under which it knows the source packages of several releases, from where the machine has its own. */
function settings(): string[] {
  const home = join(HOME, 'apt');
  mkdirSync(join(home, 'lists', 'partial'), { recursive: true });
  const list = '/etc/apt/sources.list.d/debian.sources';
  const text = existsSync(list) ? readFileSync(list, 'utf8') : '';
  const uri = /^URIs: *(\S+)/m.exec(text)?.[1];
  const key = /^Signed-By: *(\S+)/m.exec(text)?.[1];
  const lines = SUITES.split(' ').map(
    (suite) => `deb-src ${key ? `[signed-by=${key}] ` : ''}${uri} ${suite} main\n`,
  );
  writeFileSync(join(home, 'sources.list'), uri === undefined ? '' : lines.join(''));
  options = [
    `Dir::Etc::SourceList=${home}/sources.list`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${home}/lists`,
    `Dir::Cache=${home}`,
  ].flatMap((option) => ['-o', option]);
  apt(['update'], HOME);
  return options;
}
