import type { Config } from '../eval/config.ts';
import { NO, YES } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';

/** How a bool or tristate that is n is shown. */
export type WhenNo = 'n' | 'unset' | 'nothing';

/** The line for a symbol in a `.config`, `auto.conf` or a list of new symbols; empty if it has none. */
export function symbolLine(
  config: Config,
  id: number,
  prefix: string,
  whenNo: WhenNo,
  quote: boolean,
): string {
  const evaluator = config.evaluator;
  const { type, names } = evaluator.program;
  switch (type[id]) {
    case TYPE.UNKNOWN:
      return '';
    case TYPE.BOOL:
    case TYPE.TRISTATE: {
      const value = evaluator.tri[id];
      if (value === NO && whenNo !== 'n')
        return whenNo === 'unset' ? `# ${prefix}${names.nameOf(id)} is not set\n` : '';
      return `${prefix}${names.nameOf(id)}=${value === YES ? 'y' : value === NO ? 'n' : 'm'}\n`;
    }
    case TYPE.STRING: {
      const text = evaluator.textOf(id);
      return `${prefix}${names.nameOf(id)}=${quote ? quoted(text) : text}\n`;
    }
    default:
      return `${prefix}${names.nameOf(id)}=${evaluator.textOf(id)}\n`;
  }
}

/** A text in double quotes, with quotes and backslashes escaped. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
