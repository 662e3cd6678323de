/** Version of the exported format. Fields may be added within a version; a change of meaning makes a new one. */
export const EXPORT_VERSION = 1;

/** What an export says about itself. */
export interface ExportSchema {
  readonly name: 'kconfiglib-js/kconfig' | 'kconfiglib-js/config';
  readonly version: typeof EXPORT_VERSION;
}

/** The head of an export of this kind. */
export function schemaOf(name: ExportSchema['name']): ExportSchema {
  return { name, version: EXPORT_VERSION };
}

/** `file:line` of a definition. */
export interface ExportPlace {
  readonly file: string;
  readonly line: number;
}

/** A prompt, default, select, imply or range. `if` is left out where there is no condition. */
export interface ExportProperty extends ExportPlace {
  readonly value: string;
  /** The condition with those of all blocks around. */
  readonly if?: string;
}

/** A symbol. Lists are in the order of the files; empty ones are there too. */
export interface ExportSymbol {
  readonly name: string;
  readonly type: 'bool' | 'tristate' | 'int' | 'hex' | 'string' | 'unknown';
  /** Where it is defined; none for a symbol that is only mentioned. */
  readonly defined: readonly ExportPlace[];
  readonly prompts: readonly ExportProperty[];
  readonly defaults: readonly ExportProperty[];
  readonly selects: readonly ExportProperty[];
  readonly implies: readonly ExportProperty[];
  readonly ranges: readonly ExportProperty[];
  /** Dependencies over all definitions; left out if there are none. */
  readonly depends?: string;
  readonly selectedBy?: string;
  readonly impliedBy?: string;
  /** Index into `choices` of the choice it belongs to. */
  readonly choice?: number;
  readonly help?: string;
}

/** A choice. */
export interface ExportChoice extends ExportPlace {
  readonly prompt: string;
  readonly type: 'bool' | 'tristate';
  readonly name?: string;
  readonly optional?: true;
  readonly members: readonly string[];
  readonly defaults: readonly ExportProperty[];
}

/** An entry of the menu tree. `symbol` is a name, `choice` an index. */
export interface ExportNode extends ExportPlace {
  readonly kind: 'menu' | 'config' | 'menuconfig' | 'choice' | 'comment' | 'if' | 'mainmenu';
  readonly prompt?: string;
  readonly symbol?: string;
  readonly choice?: number;
  readonly depends?: string;
  readonly visible?: string;
  readonly children?: readonly ExportNode[];
}

/** A parsed tree. */
export interface KconfigExport {
  readonly schema: ExportSchema;
  readonly mainmenu: string;
  readonly files: readonly string[];
  /** The environment variables the files refer to. */
  readonly env: Readonly<Record<string, string>>;
  /** By name. */
  readonly symbols: readonly ExportSymbol[];
  readonly choices: readonly ExportChoice[];
  readonly menu: ExportNode;
}

/** The value of a symbol. */
export interface ExportValue {
  readonly name: string;
  readonly type: ExportSymbol['type'];
  readonly value: string;
  /** Has it a line in a `.config`. */
  readonly written: boolean;
  /** How visible its prompts are. */
  readonly visible: 'n' | 'm' | 'y';
  /** What the user set, whether it has an effect or not. */
  readonly user?: string;
  /** Where the value comes from, if reasons were asked for. */
  readonly cause?: string;
  readonly reason?: string;
  /** Why the user's value has no effect, if reasons were asked for. */
  readonly unmet?: string;
}

/** A resolved configuration. */
export interface ConfigExport {
  readonly schema: ExportSchema;
  readonly mainmenu: string;
  /** The defined symbols by name. */
  readonly symbols: readonly ExportValue[];
}
