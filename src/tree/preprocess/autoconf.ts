/**
 * The text of include/generated/autoconf.h for a `.config`. `forced` are values of options that hold instead, whatever
 * Kconfig would say to them.
 */
export function autoconfOf(
  config: string,
  forced: ReadonlyMap<string, string> = new Map(),
): string {
  const values = new Map(
    [...config.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map((found) => [
      found[1] as string,
      found[2] as string,
    ]),
  );
  for (const [name, value] of forced) values.set(name, value);
  const lines = [...values].map(([name, value]) => {
    if (value === 'n' || value === '') return '';
    if (value === 'm') return `#define CONFIG_${name}_MODULE 1\n`;
    return `#define CONFIG_${name} ${value === 'y' ? '1' : value}\n`;
  });
  return lines.join('');
}
