import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Kconfig file of one menu of so many options, of which some depend on others, in a folder of its own. */
export function largeTree(options: number): { readonly file: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'kmatrix-large-'));
  const file = join(folder, 'Kconfig');
  const entries = Array.from({ length: options }, (_, n) => {
    const depends = n % 10 > 0 ? `\tdepends on ${largeTreeOption(n - (n % 10))} || !MODULES\n` : '';
    return `config ${largeTreeOption(n)}\n\tbool "Option number ${n}"\n${depends}\thelp\n\t  What number ${n} does.\n`;
  });
  writeFileSync(file, `mainmenu "${options} options"\n${entries.join('')}`);
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** The name of an option of such a tree. */
export function largeTreeOption(n: number): string {
  return `OPTION_${n}`;
}
