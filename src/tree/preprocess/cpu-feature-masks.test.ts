import { expect, it } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { cpuFeatureMasks } from './cpu-feature-masks.ts';

const HEADER = `#define NCAPINTS		2 /* words */
#define X86_FEATURE_FPU		( 0*32+ 0) /* "fpu" */
#define X86_FEATURE_LM			( 1*32+29) /* "lm" */
#define X86_FEATURE_LA57		(1*32+ 31)
#define X86_FEATURE_BEYOND		(2*32+ 1)
`;

async function treeOf(files: Record<string, string>): Promise<SourceTree> {
  const root = folderOf(files);
  return new SourceTree(root, await scanTree(root, { jobs: 1 }));
}

it('has a mask for each word, and asks those that have features', async () => {
  const tree = await treeOf({
    'arch/x86/include/asm/cpufeatures.h': HEADER,
    'arch/x86/tools/cpufeaturemasks.awk': '',
  });
  const on = ['X86_REQUIRED_FEATURE_FPU', 'X86_REQUIRED_FEATURE_LM', 'X86_DISABLED_FEATURE_LA57'];
  expect(cpuFeatureMasks(tree, (name) => (on.includes(name) ? 'y' : undefined))).toBe(
    `#define REQUIRED_MASK0 0x1U
#define REQUIRED_MASK1 0x20000000U
#define REQUIRED_MASK_BIT_SET(x) ((((x) >> 5) == 0 ? REQUIRED_MASK0 : ((x) >> 5) == 1 ? REQUIRED_MASK1 : 0) & (1U << ((x) & 31)))
#define DISABLED_MASK0 0x0U
#define DISABLED_MASK1 0x80000000U
#define DISABLED_MASK_BIT_SET(x) ((((x) >> 5) == 1 ? DISABLED_MASK1 : 0) & (1U << ((x) & 31)))
`,
  );
});

it('is not there where the tree does not make it', async () => {
  const tree = await treeOf({ 'arch/x86/include/asm/cpufeatures.h': HEADER });
  expect(cpuFeatureMasks(tree, () => 'y')).toBeUndefined();
});
