import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatDiagnostic, type Kconfig } from 'kconfiglib-js';
import { checkKernelTree, inputError, readText, writeFileAtomic } from '../input/index.ts';
import type { ConfigFiles, ConfigSession, Load, Opened } from '../tui/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { fileServiceOf } from './file-service.ts';
import { environmentOf, environmentOption, fileKconfig } from './kconfig-file.ts';
import { kernelTree } from './kernel-tree.ts';
import { ARCHES, DEFAULT_EDITION, editionKconfig } from './option-source.ts';
import { writeRemark } from './output.ts';
import { userPath } from './paths.ts';
import { toolchainOf, toolchainOption } from './toolchain-option.ts';
import { tuiOptions, tuiSettings } from './tui-options.ts';

/** Options that say what the configuration browser opens. */
export const configBrowserOptions = {
  tree: {
    type: 'string',
    value: 'DIR',
    description: 'Browse the Kconfig of a kernel source tree.',
  },
  ...toolchainOption,
  arch: {
    type: 'string',
    choices: ARCHES,
    description: 'Architecture of the kernel source tree. Default: x86.',
  },
  kconfig: { type: 'string', value: 'FILE', description: 'Browse any Kconfig file.' },
  ...environmentOption,
  edition: {
    type: 'string',
    value: 'NAME',
    description: 'Browse the option set that ships with kmatrix for this edition. Default: v7.0.',
  },
  config: {
    type: 'string',
    value: 'FILE',
    description:
      'Begin with this .config file and save to it. Default: .config, or the defconfig of the tree if there is none.',
  },
  ...tuiOptions,
} as const satisfies Record<string, OptionSpec>;

/** Browse a configuration in the terminal until the user leaves it. The result is the exit code. */
export async function browseConfig(context: Context): Promise<number> {
  const { io, signal } = context;
  const { openedConfig, runTui, warmUp } = await import('../tui/index.ts');
  const remarks: string[] = [];
  const env = io.env as NodeJS.ProcessEnv;
  let session: ConfigSession | undefined;
  const load: Load = async (progress, left) => {
    const either = AbortSignal.any([signal, left]);
    // Reading a kernel tree makes many objects that stay, and is over before its code is optimized.
    const asUsual = context.args.has('tree') ? io.expectShortRun?.() : undefined;
    try {
      return await open(progress, either);
    } finally {
      asUsual?.();
    }
  };
  const open = async (progress: Parameters<Load>[0], either: AbortSignal): Promise<Opened> => {
    const { kconfig, title } = await treeOf(context, either, (share, label) =>
      progress({ done: Math.round(share * 100), total: 100, label }),
    );
    const file = context.args.text('config') ?? '.config';
    const files = filesOf(context);
    const text = textOf(context, file, files);
    const config = kconfig.config();
    const fromFile = text !== undefined;
    const base = fromFile ? undefined : defconfigOf(context);
    if (text !== undefined)
      remarks.push(...config.load(text, file).map((found) => formatDiagnostic(found)));
    else if (base !== undefined) config.load(readText(base, 'defconfig'), base);
    const opened = openedConfig({ config, title, file, fromFile, files }, env);
    session = opened.session;
    setTimeout(() => void warmUp(opened.session, either), WARM_UP_AFTER_MS).unref();
    return opened;
  };
  const code = await runTui({
    ...tuiSettings(context),
    signal,
    title: 'kmatrix menu',
    load,
    services: { files: fileServiceOf(io) },
  });
  // Edits that were undone are no edits; those not saved are offered at the next start.
  if (code === 0 && session?.unsaved() === null) session.giveUp();
  for (const remark of remarks) writeRemark(io, remark);
  return code;
}

/** Long enough for the first frame to be drawn. */
const WARM_UP_AFTER_MS = 60;

async function treeOf(
  { args, io }: Context,
  signal: AbortSignal,
  onShare: (share: number, label: string) => void,
): Promise<{ kconfig: Kconfig; title: string }> {
  const tree = args.text('tree');
  const file = args.text('kconfig');
  const profile = toolchainOf({ args, io });
  if (tree !== undefined) {
    const path = userPath(tree, io);
    checkKernelTree(path);
    const arch = ARCHES.find((name) => name === args.text('arch')) ?? 'x86';
    const reading = { arch, ...(profile && { profile }) };
    const kconfig = await kernelTree(path, reading, io.env, { signal, onShare });
    return { kconfig, title: kconfig.mainmenu };
  }
  if (file !== undefined)
    return { kconfig: fileKconfig(userPath(file, io), environmentOf({ args })), title: file };
  const edition = args.text('edition') ?? DEFAULT_EDITION;
  return { kconfig: await editionKconfig(edition), title: edition };
}

/** The text to begin with: that of the file named, which must be there, or of the usual one. */
function textOf({ args, io }: Context, file: string, files: ConfigFiles): string | undefined {
  if (!args.has('config')) return files.read(file);
  return readText(userPath(file, io), '.config file');
}

/**
 * The defconfig of the tree, with which its own menuconfig begins where there is no `.config` (KBUILD_DEFCONFIG of
 * arch/x86/Makefile and arch/arm64/Makefile). That of the machine this runs on is not looked for.
 */
function defconfigOf({ args, io }: Context): string | undefined {
  const tree = args.text('tree');
  if (tree === undefined) return undefined;
  const arch = args.text('arch') ?? 'x86';
  const name = { i386: 'x86/configs/i386_defconfig', arm64: 'arm64/configs/defconfig' }[arch];
  const path = join(userPath(tree, io), 'arch', name ?? 'x86/configs/x86_64_defconfig');
  return existsSync(path) ? path : undefined;
}

/** Files as the browser reads and writes them, named from where the user stands. */
export function filesOf({ io }: Pick<Context, 'io'>): ConfigFiles {
  return {
    read: (path) => {
      const full = userPath(path, io);
      return existsSync(full) ? readText(full, '.config file') : undefined;
    },
    write: (path, text) => writeFileAtomic(userPath(path, io), text),
  };
}

/** What a command line must not say at once. */
export function checkConfigBrowser({ args }: Pick<Context, 'args'>): void {
  const given = ['edition', 'tree', 'kconfig'].filter((name) => args.has(name));
  if (given.length > 1) {
    const names = given.map((name) => `--${name}`).join(' and ');
    throw inputError('usage', `${names} exclude each other`);
  }
  if (args.has('arch') && !args.has('tree')) {
    throw inputError('usage', '--arch goes with --tree only');
  }
  environmentOf({ args });
  if (args.has('env') && !args.has('kconfig'))
    throw inputError('usage', '--env goes with --kconfig only');
}
