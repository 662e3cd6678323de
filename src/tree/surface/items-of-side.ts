import { plainMacros } from './answered.ts';
import { type FunctionItem, itemsOf } from './items.ts';
import type { SurfaceSide } from './surface.ts';
import { viewOf } from './view.ts';

export type { FunctionItem };

type Functions = ReadonlyMap<string, FunctionItem>;

/** The file of each side that was asked for last: whoever asks goes from function to function of a file. */
const last = new WeakMap<SurfaceSide, { readonly file: string; readonly functions: Functions }>();

/** The functions a file has on one side, by name. */
export function functionsOf(side: SurfaceSide, file: string): Functions {
  const known = last.get(side);
  if (known?.file === file) return known.functions;
  const { tree, values } = side;
  const text = tree.text(file);
  const macros = plainMacros(tree.defines);
  const { functions } = itemsOf(text === undefined ? '' : viewOf(text, values, macros).text);
  last.set(side, { file, functions });
  return functions;
}
