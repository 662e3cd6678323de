import { expect, it } from 'vitest';
import { formulaText } from '../condition/formula.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { rustCondition } from './crate.ts';

it('knows of a module by the first file of its crate', async () => {
  const options = ['A', 'B', 'RUST'].map((name) => `config ${name}\n\ttristate "${name}"\n`);
  const root = folderOf({
    Kconfig: options.join(''),
    Kbuild: 'obj-y += gpu/\nobj-$(CONFIG_RUST) += rust/\n',
    'gpu/Makefile': 'obj-$(CONFIG_A) += core.o\nobj-$(CONFIG_B) += other.o\n',
    'gpu/core.rs': '// mod other_one;\npub(crate) mod falcon;\nmod regs;\n#[macro_use]\nmod gsp;\n',
    'gpu/other.rs': 'mod regs;\nmod own;\n',
    'gpu/falcon.rs': 'mod hal;\n',
    'gpu/falcon/hal.rs': 'pub mod deep;\n',
    'gpu/falcon/hal/deep.rs': '',
    'gpu/gsp/mod.rs': 'mod boot;\n',
    'gpu/gsp/boot.rs': '',
    'gpu/regs.rs': '',
    'gpu/own.rs': '',
    'gpu/other_one.rs': '',
    'rust/Makefile': 'obj-$(CONFIG_RUST) += kernel.o\n',
    'rust/kernel/lib.rs': 'pub mod mm;\n',
    'rust/kernel/mm.rs': '',
  });
  const tree = new SourceTree(root, await scanTree(root));
  const condition = (path: string) => formulaText(rustCondition(tree, path));
  for (const path of ['core', 'falcon', 'falcon/hal', 'falcon/hal/deep', 'gsp/mod', 'gsp/boot'])
    expect([path, condition(`gpu/${path}.rs`)]).toEqual([path, 'A!=n']);
  expect(condition('gpu/regs.rs')).toBe('A!=n || B!=n');
  expect(condition('gpu/own.rs')).toBe('B!=n');
  expect(condition('gpu/other_one.rs')).toBe('always');
  expect(condition('rust/kernel/mm.rs')).toBe('RUST!=n');
});
