import type { Config } from '../eval/config.ts';
import { byName } from './kconfig.ts';
import { type ConfigExport, type ExportValue, schemaOf } from './schema.ts';

/** How a configuration is exported. */
export interface ExportConfigOptions {
  /** Say of each symbol where its value comes from. Takes far longer. Default: false. */
  reasons?: boolean;
}

/** A resolved configuration as plain data, ready for JSON. The same values give the same data. */
export function exportConfig(config: Config, options: ExportConfigOptions = {}): ConfigExport {
  const symbols = [...config.kconfig.symbols].filter((symbol) => symbol.defined).sort(byName);
  return {
    schema: schemaOf('kconfiglib-js/config'),
    mainmenu: config.kconfig.mainmenu,
    symbols: symbols.map(({ name, type }): ExportValue => {
      const user = config.userValue(name);
      const value = config.get(name);
      return {
        name,
        type,
        value,
        written: config.written(name),
        visible: config.visibility(name),
        ...(user !== undefined && { user }),
        ...(options.reasons && reasonsOf(config, name)),
      };
    }),
  };
}

function reasonsOf(config: Config, name: string): Partial<ExportValue> {
  const why = config.why(name);
  return {
    cause: why.cause,
    reason: why.text,
    ...(why.wanted && { unmet: why.wanted.text }),
  };
}
