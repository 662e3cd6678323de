import { type Kconfig, parse } from 'kconfiglib-js';
import { packageRoot } from '../../input/index.ts';
import { type ConfigFiles, type ConfigParts, ConfigSession } from '../sessions/config/index.ts';

/** The option set that ships for v7.0. */
export function shippedKconfig(): Kconfig {
  return parse('kconfig/v7.0/Kconfig', { srctree: packageRoot(), dialect: '7.0' });
}

/** Files in memory. */
export function memoryFiles(): ConfigFiles & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    read: (path) => texts.get(path),
    write: (path, text) => {
      texts.set(path, text);
    },
  };
}

/** A session over a tree, its files in memory. */
export function sessionOver(kconfig: Kconfig, parts: Partial<ConfigParts> = {}): ConfigSession {
  return new ConfigSession({
    config: kconfig.config(),
    title: 'v7.0',
    file: '.config',
    fromFile: false,
    files: memoryFiles(),
    ...parts,
  });
}
