import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KconfigError } from '../diagnostics/diagnostic.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { kernelDialect } from '../parse/kernel-dialect.ts';
import { type ParseOptions, parse } from '../parse/parse.ts';
import type { Shell } from '../preprocess/shell.ts';
import type { SnapshotPlace } from '../snapshot/origin.ts';
import { openSnapshot, parseAndKeep } from '../snapshot/snapshot.ts';
import { loadShippedProfile, type ToolchainProfile, toolchainProfile } from './profile.ts';

/** Names `make ARCH=` takes where the folder below arch/ is called otherwise (Makefile, SRCARCH). */
const FOLDERS = {
  i386: 'x86',
  x86_64: 'x86',
  sparc64: 'sparc',
  parisc64: 'parisc',
} as const;

/**
 * Architectures by the name `make ARCH=` takes. With `x86`, 64BIT is for the user to choose. `um` is user mode on x86.
 */
export type Arch =
  | keyof typeof FOLDERS
  | 'alpha'
  | 'arc'
  | 'arm'
  | 'arm64'
  | 'csky'
  | 'hexagon'
  | 'loongarch'
  | 'm68k'
  | 'microblaze'
  | 'mips'
  | 'nios2'
  | 'openrisc'
  | 'parisc'
  | 'powerpc'
  | 'riscv'
  | 's390'
  | 'sh'
  | 'sparc'
  | 'um'
  | 'x86'
  | 'xtensa';

/** How a kernel tree is read. */
export interface KernelOptions extends Omit<ParseOptions, 'srctree'> {
  /** Default: x86_64. */
  arch?: Arch;
  /** Recorded answers. Default: the shipped profile, unless a `shell` is given. */
  profile?: ToolchainProfile;
  /**
   * A directory for snapshots of trees: what was read once is not read again as long as all files and answers are the
   * same. Default: none is kept. Not with `readFile`, `limits` and `optionalSources`.
   */
  snapshots?: string;
}

/** Tool names where no profile says otherwise: what the kernel's Makefile uses. */
const TOOLS = {
  CC: 'gcc',
  LD: 'ld',
  AR: 'ar',
  NM: 'nm',
  OBJCOPY: 'objcopy',
  PAHOLE: 'pahole',
  RUSTC: 'rustc',
  RUSTC_VERSION_TEXT: '',
  BINDGEN: 'bindgen',
  PYTHON3: 'python3',
  CC_VERSION_TEXT: '',
};

const PAHOLE_SCRIPT = 'scripts/pahole-version.sh';

/** The names a Makefile has for an architecture and for the folder it is compiled from. */
export function archEnvironment(arch: string): { ARCH: string; SRCARCH: string } {
  return { ARCH: arch, SRCARCH: arch in FOLDERS ? FOLDERS[arch as keyof typeof FOLDERS] : arch };
}

/**
 * The environment a kernel's Kconfig files ask for. These are all the variables the trees of 6.12 and 7.3 reference, so
 * a result is the same as with `make` (arch/um/Makefile for those of user mode). From 7.0 on PAHOLE_VERSION is one of
 * them: what the script printed that trees before it asked.
 */
export function kernelEnvironment(options: {
  tree: string;
  arch?: Arch;
  profile?: ToolchainProfile;
}): Record<string, string> {
  const { tree, arch = 'x86_64' } = options;
  const profile = options.profile ?? loadShippedProfile();
  const tools = { ...TOOLS, ...profile.environment };
  return {
    PAHOLE_VERSION: profile.answers[`shell($(srctree)/${PAHOLE_SCRIPT} ${tools.PAHOLE})`] ?? '0',
    ...tools,
    ...archEnvironment(arch),
    ...(arch === 'um' && { SUBARCH: 'x86', HEADER_ARCH: 'x86' }),
    srctree: resolve(tree),
    KERNELVERSION: kernelVersion(tree),
  };
}

/**
 * Read the Kconfig of a kernel tree. Unless a `shell` is given nothing is run: answers come from the profile. Without a
 * `dialect` it is that of the version the tree's Makefile names.
 */
export function kernelKconfig(tree: string, options: KernelOptions = {}): Kconfig {
  const { how, place } = readingOf(tree, options);
  if (!place) return parse('Kconfig', how);
  return openSnapshot('Kconfig', how, place) ?? parseAndKeep('Kconfig', how, place, parse);
}

/** The same from its snapshot, if there is one in `snapshots` and nothing it was made from has changed. */
export function kernelSnapshot(tree: string, options: KernelOptions): Kconfig | undefined {
  const { how, place } = readingOf(tree, options);
  return place && openSnapshot('Kconfig', how, place);
}

function readingOf(
  tree: string,
  options: KernelOptions,
): { how: ParseOptions; place?: SnapshotPlace } {
  const { arch, profile, snapshots, ...rest } = options;
  const srctree = resolve(tree);
  const shell = options.shell ?? toolchainProfile(profile ?? loadShippedProfile());
  const env = {
    ...kernelEnvironment({ tree, ...(arch && { arch }), ...(profile && { profile }) }),
    ...options.env,
  };
  if (options.shell && !profile) {
    // What the tree's Makefile asks, and exports.
    const asked: Record<string, string> = {
      CC_VERSION_TEXT: `LC_ALL=C ${env.CC} --version 2>/dev/null | head -n 1`,
    };
    const script = join(srctree, PAHOLE_SCRIPT);
    if (existsSync(script)) asked.PAHOLE_VERSION = `${script} ${env.PAHOLE}`;
    for (const [name, command] of Object.entries(asked)) {
      if (options.env?.[name] === undefined)
        env[name] = printed(options.shell, command, env) ?? env[name] ?? '';
    }
  }
  const dialect = rest.dialect ?? kernelDialect(env.KERNELVERSION ?? '');
  const how = { ...rest, ...(dialect && { dialect }), srctree, shell, env };
  if (snapshots === undefined || rest.readFile || rest.limits || rest.optionalSources)
    return { how };
  return { how, place: { directory: snapshots, cwd: srctree } };
}

/** What a command of the tree's Makefile prints. */
function printed(shell: Shell, command: string, env: Record<string, string>): string | undefined {
  return shell(
    { command, span: { file: 'Makefile', line: 1, column: 1 } },
    { env, srctree: env.srctree },
  );
}

/** Does the Makefile of a tree name a version as a kernel's does, without which it is none. */
export function isKernelTree(tree: string): boolean {
  try {
    return fieldOf(readFileSync(join(tree, 'Makefile'), 'utf8'), 'VERSION') !== '';
  } catch {
    return false;
  }
}

function fieldOf(makefile: string, name: string): string {
  return new RegExp(`^${name}[ \\t]*=[ \\t]*(.*)$`, 'm').exec(makefile)?.[1]?.trim() ?? '';
}

function kernelVersion(tree: string): string {
  const path = join(tree, 'Makefile');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    const message = `${path} cannot be read: ${tree} does not look like a kernel tree`;
    throw new KconfigError([{ code: 'no-kernel-tree', severity: 'error', message }]);
  }
  const field = (name: string): string => fieldOf(text, name);
  if (field('VERSION') === '') {
    const message = `${path} names no VERSION: ${tree} does not look like a kernel tree`;
    throw new KconfigError([{ code: 'no-kernel-tree', severity: 'error', message }]);
  }
  const dotted = (name: string): string => (field(name) === '' ? '' : `.${field(name)}`);
  return `${field('VERSION')}${dotted('PATCHLEVEL')}${dotted('SUBLEVEL')}${field('EXTRAVERSION')}`;
}
