/** Where the parenthesis is that closes the one at a place, texts in quotes left out; the end where none does. */
export function closingParenthesis(text: string, open: number): number {
  const sign = /[()]|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  sign.lastIndex = open;
  let depth = 0;
  for (let found = sign.exec(text); found; found = sign.exec(text)) {
    if (found[0] === '(') depth++;
    else if (found[0] === ')' && --depth === 0) return found.index;
  }
  return text.length;
}
