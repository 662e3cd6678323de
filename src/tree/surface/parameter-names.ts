/** What makes no type by itself, so that the word behind it is none's name. */
const NO_TYPE = /^(?:const|volatile|restrict|register|struct|union|enum)$/;

/** Words of types that are several: the last of these is no name. */
const TYPE = /^(?:void|char|short|int|long|float|double|signed|unsigned|_Bool|bool)$/;

/**
 * The head of a function without the names of its parameters, which callers do not see: they pass values by their place
 * (C11 6.5.2.2). White space has to be squeezed; a head that does not end with its parameters is left as it is.
 */
export function withoutParameterNames(head: string): string {
  const open = head.endsWith(')') ? openingOf(head) : -1;
  if (open < 0) return head;
  return `${head.slice(0, open)}(${partsOf(head.slice(open + 1, -1))
    .map(unnamed)
    .join(',')})`;
}

/** A parameter without its name. */
function unnamed(parameter: string): string {
  const called = /^([^()]*\((?:[^()*]*\*)+(?:const )?)\w*((?:\[[^\]]*\])*\))(\(.*\))$/.exec(
    parameter,
  );
  if (called) return `${called[1]}${called[2]}${withoutParameterNames(called[3] as string)}`;
  const [, declared = '', sizes = ''] = /^(.*?)((?:\[[^\]]*\])*)$/s.exec(parameter) ?? [];
  const [, before = '', name = ''] = /^(.*?)([A-Za-z_]\w*)$/s.exec(declared) ?? [];
  const words = before.match(/\w+/g) ?? [];
  const isType = TYPE.test(name) || NO_TYPE.test(name);
  const isNamed = !isType && !NO_TYPE.test(words.at(-1) ?? '') && /\w/.test(before);
  // Behind an asterisk stands nothing but qualifiers and the name.
  const isPointer = !isType && /\*(?:\s*(?:const|volatile|restrict)\s)*\s*$/.test(before);
  return isNamed || isPointer ? `${before.trim()}${sizes}` : parameter;
}

/** Where the bracket opens that the last character closes. */
function openingOf(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth++;
    else if (text[at] === '(' && --depth === 0) return at;
  }
  return -1;
}

/** What commas separate that stand in no brackets. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (/[([{]/.test(text[at] as string)) depth++;
    else if (/[)\]}]/.test(text[at] as string)) depth--;
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}
