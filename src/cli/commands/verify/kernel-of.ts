import type { Edition, KernelConfig } from '../../../kernel/index.ts';
import type { ParsedArguments } from '../../arguments.ts';
import { editionKconfig } from '../../option-source.ts';
import { parseSetting } from '../../setting.ts';

/** The configuration an edition is checked with. */
export type KernelOf = (edition: Edition) => Promise<KernelConfig>;

/** Defaults of an edition's options with SMP, and what `--set` says on top of that. */
export function kernelsOf(args?: ParsedArguments): KernelOf {
  const settings = (args?.all('set') ?? []).map((text) => parseSetting(text, '--set'));
  return async (edition) => {
    const config = (await editionKconfig(edition.name)).config();
    config.apply('alldefconfig');
    config.set('SMP', 'y');
    for (const { name, value } of settings) config.set(name, value);
    return config;
  };
}
