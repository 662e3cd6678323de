import type { SourceTree } from '../source/source-tree.ts';

const HEADER = 'arch/x86/include/asm/cpufeatures.h';
const SCRIPT = 'arch/x86/tools/cpufeaturemasks.awk';

/** Features in one word. */
const BITS = 32;

/**
 * asm/cpufeaturemasks.h as a build of x86 makes it: which features a configuration requires and which it disables, by words
 * (arch/x86/tools/cpufeaturemasks.awk); undefined in a tree that has no such script.
 */
export function cpuFeatureMasks(
  tree: SourceTree,
  values: (symbol: string) => string | undefined,
): string | undefined {
  const text = tree.has(SCRIPT) ? tree.text(HEADER) : undefined;
  if (text === undefined) return undefined;
  const words = Number(/^#define[ \t]+NCAPINTS[ \t]+(\d+)/m.exec(text)?.[1] ?? 0);
  const features = [
    ...text.matchAll(
      /^#define[ \t]+X86_FEATURE_(\w+)[ \t]+\([ \t]*(\d+)\*32[ \t]*\+[ \t]*(\d+)\)/gm,
    ),
  ].map(([, name, word, bit]) => ({ name, word: Number(word), bit: Number(bit) }));
  const sets = ['REQUIRED', 'DISABLED'].map((set) => {
    const masks = new Array<number>(words).fill(0);
    for (const { name, word, bit } of features) {
      if (word < words && values(`X86_${set}_FEATURE_${name}`) === 'y') masks[word]! += 2 ** bit;
    }
    const lines = masks.map((mask, word) => `#define ${set}_MASK${word} 0x${mask.toString(16)}U\n`);
    const ways = masks.flatMap((mask, word) =>
      mask === 0 ? [] : [`((x) >> 5) == ${word} ? ${set}_MASK${word} : `],
    );
    const test = `((${ways.join('')}0) & (1U << ((x) & ${BITS - 1})))`;
    return `${lines.join('')}#define ${set}_MASK_BIT_SET(x) ${test}\n`;
  });
  return sets.join('');
}
