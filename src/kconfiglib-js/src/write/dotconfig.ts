import type { Config } from '../eval/config.ts';
import type { Evaluator } from '../eval/evaluator.ts';
import { STEP } from '../eval/listing.ts';
import { NO } from '../expr/store.ts';
import { dotconfigHead } from './head.ts';
import { SymbolLines } from './symbol-line.ts';

/** How a `.config` is written. */
export interface WriteOptions {
  /** What names begin with. Default: CONFIG_. */
  prefix?: string;
}

/** The text of the `.config`: symbols in the order of the menu, visible menus and comments as blocks between them. */
export function writeDotconfig(config: Config, options: WriteOptions = {}): string {
  const evaluator = config.evaluator;
  const { listing, size } = evaluator.program;
  const { step, arg } = listing;
  const { valid, write } = evaluator;
  const lines = new SymbolLines(config, options.prefix ?? 'CONFIG_', 'unset', true);
  let out = dotconfigHead(config.kconfig.mainmenu);
  const written = new Uint8Array(size);
  let gap = false;
  evaluator.prepare();
  for (let i = 0; i < step.length; i++) {
    const at = arg[i] as number;
    if (step[i] === STEP.SYMBOL) {
      if (written[at] !== 0) continue;
      if (valid[at] === 0) evaluator.calc(at);
      if (write[at] === 0) continue;
      if (gap) out += '\n';
      gap = false;
      written[at] = 1;
      out += lines.at(at);
    } else if (isShown(evaluator, at)) {
      gap = step[i] === STEP.END;
      out += gap ? `# end of ${listing.text(at)}\n` : `\n#\n# ${listing.text(at)}\n#\n`;
    }
  }
  return out;
}

/** Is the menu or comment in this row of the listing shown. */
function isShown(evaluator: Evaluator, row: number): boolean {
  const { cond, visibility } = evaluator.program.listing;
  const visible = visibility[row] as number;
  if (visible !== 0 && evaluator.expr(visible) === NO) return false;
  return evaluator.expr(cond[row] as number) !== NO;
}
