import { plainMacros } from './answered.ts';
import { type FunctionItem, itemsOf } from './items.ts';
import type { SurfaceSide } from './surface.ts';
import { viewOf } from './view.ts';

export type { FunctionItem };

/** The functions a file has on one side, by name. */
export function functionsOf(
  { tree, values }: SurfaceSide,
  file: string,
): ReadonlyMap<string, FunctionItem> {
  const text = tree.text(file);
  const macros = plainMacros(tree.defines);
  return itemsOf(text === undefined ? '' : viewOf(text, values, macros).text).functions;
}
