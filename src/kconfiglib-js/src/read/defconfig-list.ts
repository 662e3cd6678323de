import type { Config } from '../eval/config.ts';
import { NO } from '../expr/store.ts';

/**
 * Configurations to begin with where there is none yet, in the order they are to be tried: the defaults that apply of
 * the symbol with `option defconfig_list`, which only the superset has. `$NAME` stands for a variable there.
 */
export function defconfigFiles(config: Config): string[] {
  const { kconfig, evaluator } = config;
  if (!evaluator.program.classic) return [];
  const { defconfigList, bounced } = kconfig.tree;
  if (!defconfigList) return [];
  evaluator.prepare();
  const { start, cond } = evaluator.program.defaults;
  const files: string[] = [];
  for (
    let row = start[defconfigList.id] as number;
    row < (start[defconfigList.id + 1] as number);
    row++
  ) {
    if (evaluator.expr(cond[row] as number) === NO) continue;
    const source = evaluator.defaultSource(row);
    if (source < 0) continue;
    evaluator.calc(source);
    files.push(
      evaluator.textOf(source).replace(/\$(\w+)/g, (whole, name) => bounced.get(name) ?? whole),
    );
  }
  return files;
}
