import type { ConfigExport, KconfigExport } from './schema.ts';

/** A tree and a configuration of it in one document. */
export interface ExportDocument {
  readonly kconfig: KconfigExport;
  readonly config?: ConfigExport;
}

/**
 * The text of an export. Each symbol, choice and menu entry has a line of its own, so that two exports can be compared
 * line by line.
 */
export function exportText(document: ExportDocument): string {
  return `${write(document, '')}\n`;
}

function write(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    if (value.length === 0 || !value.some((item) => typeof item === 'object'))
      return JSON.stringify(value);
    const items = value.map((item) => inner + entry(item, inner));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value);
  if (fields.length === 0) return '{}';
  const lines = fields.map(
    ([key, field]) => `${inner}${JSON.stringify(key)}: ${write(field, inner)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** An item of a list: on one line, but for the children of a menu entry. */
function entry(item: unknown, indent: string): string {
  if (typeof item !== 'object' || item === null || !('children' in item))
    return JSON.stringify(item);
  const { children, ...rest } = item;
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},"children":${write(children, indent)}}`;
}
