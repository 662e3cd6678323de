import type { Declaration } from './declaration.ts';

/** What of a declaration tells where it is. */
export type Around = Pick<Declaration, 'name' | 'kind' | 'start' | 'end'>;

/** In the names of macros that begin a function, and in those of macros that end one. */
const BEGINS = /START|BEGIN|ENTRY|LEAF|NESTED|FUNC|PROC|GLOBAL/;
const ENDS = /(?:^|_)END/;

/** A statement that may begin or end a function or a macro of the assembler. */
const STATEMENT =
  /^[ \t]*(?:(?<macro>[A-Za-z_]\w*)\([ \t]*(?<first>[\w.$]+)[ \t]*[,)]|(?<label>[A-Za-z_.$][\w.$]*):|\.size[ \t]+(?<sized>[\w.$]+)[ \t]*,|\.macro[ \t]+(?<named>\w+)|\.(?<endm>endm)\b)/gm;

/**
 * Functions of a file in assembly, without comments: between a macro that takes a name and the next that ends it
 * (`SYM_FUNC_START(f)` and `SYM_FUNC_END(f)`, `ENTRY(f)` and `ENDPROC(f)`, include/linux/linkage.h), or a label and its `.size`; and
 * macros of the assembler. One that nothing ends is not among them: where it ends is not known.
 */
export function assemblyFunctions(code: string): Around[] {
  const found: Around[] = [];
  const begun = new Map<string, number>();
  const macros: { readonly name: string; readonly start: number }[] = [];
  for (const { groups, index } of code.matchAll(STATEMENT)) {
    const { macro, first, label, sized, named, endm } = groups as Record<
      string,
      string | undefined
    >;
    if (named !== undefined) macros.push({ name: named, start: index });
    else if (endm !== undefined) {
      const open = macros.pop();
      if (open) found.push({ ...open, kind: 'macro', end: index });
      continue;
    }
    const ended = sized ?? (macro !== undefined && ENDS.test(macro) ? first : undefined);
    const begins = label ?? (macro !== undefined && BEGINS.test(macro) ? first : undefined);
    const name = ended ?? begins;
    if (name === undefined) continue;
    const start = begun.get(name);
    if (ended === undefined) {
      if (start === undefined) begun.set(name, index);
    } else if (start !== undefined) {
      found.push({ name, kind: 'function', start, end: index });
      begun.delete(name);
    }
  }
  return found;
}
