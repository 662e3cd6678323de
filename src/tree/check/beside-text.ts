import type { Unit } from '../preprocess/unit.ts';

/**
 * Names in a file that stand right behind a text where something begins with one, `= "import_ns" "=" DMA_BUF`: no macro makes a text of
 * them, as MODULE_IMPORT_NS() did before 6.13, and compilers refuse that.
 */
export function besideTexts({ tokens, own }: Unit): { line: number; message: string }[] {
  return own.flatMap((at) => {
    const { token, line, macro } = tokens[at] as Unit['tokens'][number];
    if (token.kind !== 'name') return [];
    let before = at - 1;
    while (tokens[before]?.token.text.startsWith('"')) before--;
    if (before === at - 1 || tokens[before]?.token.text !== '=') return [];
    const by = macro === undefined ? '' : ` of ${macro}()`;
    return [{ line, message: `${token.text}${by} is wanted as a text: "${token.text}"` }];
  });
}
