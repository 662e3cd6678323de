import type { Unit } from '../preprocess/unit.ts';

/**
 * Names in a file that stand right behind a text where something begins with one, `= "import_ns" "=" DMA_BUF`: no macro makes a text of
 * them, as MODULE_IMPORT_NS() did before 6.13, and compilers refuse that.
 */
export function besideTexts({ tokens }: Unit, main: string): { line: number; message: string }[] {
  const found: { line: number; message: string }[] = [];
  let inTexts = false;
  for (const [at, { token, file, line, macro }] of tokens.entries()) {
    if (token.text.startsWith('"')) {
      inTexts ||= tokens[at - 1]?.token.text === '=';
      continue;
    }
    if (inTexts && token.kind === 'name' && file === main) {
      const by = macro === undefined ? '' : ` of ${macro}()`;
      found.push({ line, message: `${token.text}${by} is wanted as a text: "${token.text}"` });
    }
    inTexts = false;
  }
  return found;
}
