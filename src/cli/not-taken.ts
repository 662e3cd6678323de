import { refusalOf } from './explain.ts';
import type { Io } from './io.ts';
import type { Resolved } from './option-source.ts';
import { writeRemark } from './output.ts';

/** Say which options that were asked for did not take effect, and why; whether there were any. */
export function reportNotTaken({ config, settings }: Resolved, io: Io): boolean {
  // Of several --set for one option the last counts, as of the lines of a .config.
  const wanted = new Map(settings.map(({ name, value }) => [name, value]));
  let any = false;
  for (const [name, value] of wanted) {
    const reason = refusalOf(config, name);
    if (reason === undefined) continue;
    any = true;
    writeRemark(io, `--set ${name}=${value} does not take effect: ${reason}`);
  }
  return any;
}
