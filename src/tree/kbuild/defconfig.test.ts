import { expect, it } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { defconfigFiles } from './defconfig.ts';

async function files(arch: string, tree: Record<string, string>): Promise<string[]> {
  const root = folderOf(tree);
  return defconfigFiles(new SourceTree(root, await scanTree(root, { jobs: 1 })), arch, arch);
}

it('gives the file that is called so', async () => {
  expect(await files('a', { 'arch/a/configs/defconfig': '' })).toEqual([
    'arch/a/configs/defconfig',
  ]);
  expect(
    await files('a', { 'arch/a/configs/defconfig': '', 'arch/a/configs/a_defconfig': '' }),
  ).toEqual(['arch/a/configs/a_defconfig']);
});

it('gives what the Makefile names, by the machine it asks after', async () => {
  const Makefile = `ifeq ($(shell uname -m),a32)
KBUILD_DEFCONFIG := a32_defconfig
else
KBUILD_DEFCONFIG := a64_defconfig
endif
`;
  const configs = { 'arch/a/configs/a32_defconfig': '', 'arch/a/configs/a64_defconfig': '' };
  expect(await files('a', { 'arch/a/Makefile': Makefile, ...configs })).toEqual([
    'arch/a/configs/a64_defconfig',
  ]);
  expect(
    await files('a', { 'arch/a/Makefile': Makefile.replace('),a32', '),x86_64'), ...configs }),
  ).toEqual(['arch/a/configs/a32_defconfig']);
});

it('gives a file and the fragments it is merged with', async () => {
  const Makefile = `uname := $(shell uname -m)
KBUILD_DEFCONFIG := $(if $(filter p%,$(uname)),$(uname),ple)_defconfig
generated_configs += ple_defconfig
ple_defconfig:
	$(call merge_into_defconfig,base_defconfig,le more)
`;
  const configs = ['base_defconfig', 'le.config', 'more.config'].map(
    (name) => `arch/p/configs/${name}`,
  );
  const tree = Object.fromEntries(configs.map((path) => [path, '']));
  expect(await files('p', { 'arch/p/Makefile': Makefile, ...tree })).toEqual(configs);
  expect(await files('p', { 'arch/p/Makefile': Makefile })).toEqual([]);
  expect(await files('p', {})).toEqual([]);
});
