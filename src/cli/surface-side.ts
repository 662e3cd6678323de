import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from 'kconfiglib-js';
import { inputError, readText } from '../input/index.ts';
import {
  defconfigFiles,
  hasArchitectures,
  type SourceTree,
  treeKconfig,
  type Values,
} from '../tree/index.ts';
import type { Context } from './command.ts';
import { reportNotTaken } from './not-taken.ts';
import { writeRemark } from './output.ts';
import { userPath } from './paths.ts';
import { parseSetting, type Setting } from './setting.ts';
import { toolchainOf } from './toolchain-option.ts';

/** Architectures as `make ARCH=` names them, by the folder below arch/ they are compiled from. */
const FOLDERS: Readonly<Record<string, string>> = { x86_64: 'x86', i386: 'x86' };

/** The folder below arch/ of an architecture; '' in a tree that has one tree of options for all. */
export function archFolder(tree: SourceTree, arch: string): string {
  const folder = FOLDERS[arch] ?? arch;
  const has = (path: string): boolean =>
    statSync(join(tree.root, path), { throwIfNoEntry: false })?.isDirectory() === true;
  if (!hasArchitectures(tree)) return '';
  if (has(join('arch', folder))) return folder;
  const known = readdirSync(join(tree.root, 'arch'))
    .filter((name) => has(join('arch', name)))
    .sort()
    .join(', ');
  throw inputError(
    'usage',
    `--arch ${arch}: the tree has no arch/${folder}`,
    undefined,
    `it has ${known}`,
  );
}

/** The values a compiler is told: a number or text of an option that is not written has a value, but no macro. */
export function valuesOf(config: Config): Values {
  return (name) => (config.written(name) ? config.get(name) : undefined);
}

/**
 * The configuration a text names: a `.config` file, or `NAME=value,NAME=value` on top of the architecture's defconfig.
 * What comes before a colon (the edition in the id of a cell) is left out. Whether everything asked for was taken comes
 * with it; what was not is said on standard error. Where the same is asked of two trees, `first` is the one it was written
 * for: an option that only that one has is not asked for here, which is said, too.
 */
export function sideConfig(
  context: Context,
  tree: SourceTree,
  arch: string,
  text: string,
  first: SourceTree = tree,
): { config: Config; taken: boolean } {
  const { io } = context;
  const folder = archFolder(tree, arch);
  const config = treeKconfig(tree, folder === '' ? '' : arch, toolchainOf(context)).config();
  const path = userPath(text, io);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) {
    config.load(readText(path, '.config file'), path, { onUnknown: () => {} });
    config.apply('olddefconfig');
    return { config, taken: true };
  }
  const all = settingsOf(text);
  const settings = all.filter(({ name }) => !first.defines(name) || tree.defines(name));
  for (const one of context.args.has('quiet') ? [] : all) {
    if (settings.includes(one)) continue;
    const where = tree.root === first.root ? 'after the patches' : `in ${tree.root}`;
    writeRemark(io, `${one.name} is defined nowhere ${where}: not asked for there`);
  }
  const defconfig = defconfigFiles(tree, arch, folder);
  // Fragments of it are a text behind it: what they say again counts.
  const texts = defconfig.map(
    (file) => tree.overlay.get(file)?.toString() ?? readText(join(tree.root, file), 'defconfig'),
  );
  if (defconfig[0] !== undefined) {
    config.load(texts.join('\n'), join(tree.root, defconfig[0]), { onUnknown: () => {} });
  }
  config.apply(defconfig.length === 0 ? 'alldefconfig' : 'olddefconfig');
  for (const { name, value } of settings) {
    const result = config.set(name, value);
    if (!result.ok) {
      throw inputError(result.code, `${name}=${value}: ${result.message}`, undefined, result.hint);
    }
  }
  return { config, taken: !reportNotTaken({ config, settings, warnings: [] }, io) };
}

function settingsOf(text: string): Setting[] {
  const list = /^[\w.-]+:(.*)$/.exec(text)?.[1] ?? text;
  if (list === '' || list === 'defconfig') return [];
  if (!list.includes('=')) {
    throw inputError(
      'not-found',
      `${text} is no file and no list of settings`,
      undefined,
      'a .config file or NAME=value,NAME=value is wanted; "defconfig" for no settings',
    );
  }
  return list.split(',').map((one) => parseSetting(one, 'a configuration'));
}
