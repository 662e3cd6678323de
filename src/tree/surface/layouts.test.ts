import { expect, it } from 'vitest';
import type { Configuration } from '../preprocess/configuration.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { structLayouts } from './layouts.ts';
import { surfaceOf } from './surface.ts';

const FILES: Record<string, string> = {
  Kconfig: 'config 64BIT\n\tdef_bool y\nconfig LOCK\n\tbool "lock"\n',
  Kbuild: 'obj-y += mm/\n',
  'mm/Makefile': 'obj-y += a.o\n',
  'include/linux/kconfig.h': '#include <generated/autoconf.h>\n',
  'include/linux/types.h': `#ifndef _TYPES_H
#define _TYPES_H
#define __cacheline_aligned __attribute__((__aligned__(1 << 6)))
#include <generated/bounds.h>
enum event { FIRST,
#ifdef CONFIG_LOCK
	LOCKED,
#endif
	EVENTS };
struct counts { long event[EVENTS]; };
struct vma {
	char a;
#ifdef CONFIG_LOCK
	void *lock;
#endif
	int b;
};
struct holder { struct vma vma; char c __cacheline_aligned; };
struct same { int a[WIDTH]; };
#ifdef CONFIG_LOCK
struct only { struct none n; };
#endif
#endif
`,
  'kernel/bounds.c': '#include <linux/kbuild.h>\nint main(void) {\n\tDEFINE(WIDTH, 2 + 1);\n}\n',
  'mm/a.c':
    '#include <linux/types.h>\nstruct own {\n#ifdef CONFIG_LOCK\n\tstruct vma v;\n#endif\n\tint x;\n};\n',
};

it('sizes what differs, and what holds it', async () => {
  const root = folderOf(FILES);
  const tree = new SourceTree(root, await scanTree(root, { jobs: 1 }));
  const configuration = (lock: boolean): Configuration => ({
    arch: '',
    values: (name) => (name === '64BIT' || (lock && name === 'LOCK') ? 'y' : 'n'),
    autoconf: `#define CONFIG_64BIT 1\n${lock ? '#define CONFIG_LOCK 1\n' : ''}`,
  });
  const [on, off] = [configuration(true), configuration(false)];
  const surface = await surfaceOf(
    { tree, values: on.values },
    { tree, values: off.values },
    { options: ['LOCK'], arch: '', jobs: 1 },
  );
  const { structs, leftOut } = await structLayouts(
    { tree, configuration: on },
    { tree, configuration: off },
    surface,
  );
  expect(leftOut).toEqual([]);
  expect(
    structs.map(({ name, file, left, right }) => [name, file, left?.size, right?.size ?? right]),
  ).toEqual([
    ['struct counts', 'include/linux/types.h', 16, 8],
    // Of the same size, but with a smaller member.
    ['struct holder', 'include/linux/types.h', 128, 128],
    ['struct only', 'include/linux/types.h', null, null],
    ['struct vma', 'include/linux/types.h', 24, 8],
    ['struct own', 'mm/a.c', 32, 4],
  ]);
  const [, , only, vma] = structs;
  expect(only?.left?.why).toBe('struct none is not defined');
  expect(vma?.left?.layout).toEqual([
    { name: 'a', offset: 0, size: 1 },
    { name: 'lock', offset: 8, size: 8 },
    { name: 'b', offset: 16, size: 4 },
  ]);
});
