import { expect, it } from 'vitest';
import { treeOf } from '../testing/references.test-util.ts';
import { checkFiles } from './check.ts';
import { SMALL_TREE } from './small-tree.test-util.ts';

it('a stub that a macro makes is one', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/flags.h': `#include <linux/lock.h>
#ifdef CONFIG_LOCK
#define FLAG(big) static inline int Test##big(struct vma *vma) { return vma->flags & 1; }
#else
#define FLAG(big) FLAG_OFF(big)
#endif
#define FLAG_OFF(big) static inline int Test##big(struct vma *vma) { return 0; }
FLAG(Old)
FLAG_OFF(New)
#include <linux/platform.h>
#ifndef RETURN_STATUS
#define RETURN_STATUS(prototype) prototype;
#endif
RETURN_STATUS(int begin_tables(struct vma *vma))
int inside_of(struct vma *vma);
`,
    'include/linux/platform.h': `#define NOT_CONFIGURED ((int) (0x1c | 0x10))
#ifndef CONFIG_LOCK
#define RETURN_STATUS(prototype) static inline prototype { return (NOT_CONFIGURED); }
#endif
`,
    'driver.c': `#include <linux/flags.h>
int f(struct vma *vma) { return TestOld(vma) + TestNew(vma) + begin_tables(vma); }
`,
  });
  const cells = ['LOCK', ''].map((on) => ({
    id: on,
    arch: '',
    module: true,
    values: (name: string) => (name === on ? 'y' : 'n'),
    autoconf: on === '' ? '' : `#define CONFIG_${on} 1\n`,
  }));
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], cells, { jobs: 1 });
  const stubs = file?.apis.map(({ name, cells: seen }) =>
    [name, ...seen.map(({ state, stub }) => `${state} ${stub ?? ''}`.trim())].join(': '),
  );
  expect(stubs).toEqual([
    'TestNew: stub return 0;: stub return 0;',
    'TestOld: real: stub return 0;',
    'begin_tables: real: stub return(NOT_CONFIGURED);',
  ]);
});
