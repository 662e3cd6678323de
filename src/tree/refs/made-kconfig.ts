import { join } from 'node:path/posix';
import { embeddedKconfig, PROBER, probed } from '../scan/embedded.ts';
import type { SourceTree } from '../source/source-tree.ts';

/**
 * A Kconfig file that scripts make of others and of C files before `conf` runs; undefined for other paths. BusyBox's
 * scripts/gen_build_files.sh puts the lines of a folder's C files into its Config.src, at INSERT; toybox's
 * scripts/genconfig.sh writes a menu for each folder with a README, and options for what it tries with a compiler, which
 * are left open here.
 */
export function madeKconfig(tree: SourceTree, path: string): string | undefined {
  const embedded = tree.conventions?.embedded;
  const { dir, base } = folderOf(path);
  if (embedded?.kconfig !== undefined && base === 'Config.in') {
    const source = tree.text(join(dir, 'Config.src'));
    return source?.replace(/^INSERT$/m, () => statementsOf(tree, dir));
  }
  if (!embedded?.stanzas) return undefined;
  if (path === 'generated/Config.probed') {
    return probed(tree.text(PROBER) ?? '')
      .map(({ name }) => `config ${name}\n\tbool "tried"\n`)
      .join('\n');
  }
  return path === 'generated/Config.in' ? menusOf(tree) : undefined;
}

function menusOf(tree: SourceTree): string {
  const menus: string[] = [];
  // Folders in reverse, as the script has them.
  for (const readme of tree.index.files.filter((one) => TOYS.test(one)).toReversed()) {
    const title = /^.*/.exec(tree.text(readme) ?? '')?.[0].replaceAll('"', '');
    const body = statementsOf(tree, folderOf(readme).dir);
    menus.push(`menu "${title}"\n${body}\nendmenu\n`);
  }
  return menus.join('\n');
}

const TOYS = /^toys\/[^/]+\/README$/;

function statementsOf(tree: SourceTree, folder: string): string {
  const files = tree.index.files.filter(
    (path) => path.endsWith('.c') && folderOf(path).dir === folder,
  );
  return files
    .map((path) => {
      const text = tree.text(path) ?? '';
      const blanked = (tree.conventions && embeddedKconfig(tree.conventions, text)) ?? '';
      const { kconfig } = tree.conventions?.embedded ?? {};
      // Columns matter: they end help texts.
      const indent = ' '.repeat(kconfig?.length ?? 0);
      return blanked.replace(/^[^\n]*/gm, (line) =>
        line.startsWith(indent) ? line.slice(indent.length) : line,
      );
    })
    .join('\n');
}

function folderOf(path: string): { dir: string; base: string } {
  const at = path.lastIndexOf('/');
  return { dir: path.slice(0, Math.max(0, at)), base: path.slice(at + 1) };
}
