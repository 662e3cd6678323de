import type { Config, Difference, SymbolType } from 'kconfiglib-js';

/** Lines for a `.config` that, merged into the left side, set what differs; what has no line on the right is left out. */
export function fragmentOf(config: Config, changes: readonly Difference[]): string {
  const lines = changes.flatMap(({ name, right }) => {
    // What has no prompt follows from the rest, and cannot be set by a line.
    if (!config.written(name) || config.visibility(name) === 'n') return [];
    const type = config.kconfig.symbols.get(name)?.type ?? 'unknown';
    return [lineOf(name, right, type)];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function lineOf(name: string, value: string, type: SymbolType): string {
  if (value === 'n' && (type === 'bool' || type === 'tristate'))
    return `# CONFIG_${name} is not set`;
  const text = type === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
  return `CONFIG_${name}=${text}`;
}
