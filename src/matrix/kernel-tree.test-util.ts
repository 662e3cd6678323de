import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultCacheDir } from '../input/index.ts';

/** What Debian's package `linux-source-6.12` installs. */
const PACKAGE = '/usr/src/linux-source-6.12.tar.xz';

/**
 * A real tree of Linux 6.12 with its Kconfig files: the one named by KMATRIX_LINUX_6_12, or those files of
 * Debian's source package, unpacked once into the cache folder.
 */
export function linux612(): string {
  const named = process.env.KMATRIX_LINUX_6_12;
  if (named) return named;
  const tree = join(defaultCacheDir(), 'trees', 'linux-source-6.12');
  if (existsSync(join(tree, 'Kconfig'))) return tree;
  if (!existsSync(PACKAGE)) {
    throw new Error(
      `no Linux 6.12 to compare with: install linux-source-6.12 (Debian), or name a tree in KMATRIX_LINUX_6_12`,
    );
  }
  mkdirSync(dirname(tree), { recursive: true });
  const temp = mkdtempSync(join(dirname(tree), 'unpack-'));
  execFileSync('tar', [
    ...['-xf', PACKAGE, '-C', temp, '--strip-components=1', '--wildcards'],
    ...['*/Kconfig*', 'linux-source-6.12/Makefile'],
  ]);
  renameSync(temp, tree);
  return tree;
}
