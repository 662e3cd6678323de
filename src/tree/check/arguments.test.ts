import { expect, it } from 'vitest';
import { treeOf } from '../testing/references.test-util.ts';
import type { CheckCell } from './api.ts';
import { checkFiles } from './check.ts';
import { SMALL_TREE } from './small-tree.test-util.ts';

const cells = ['LOCK', ''].map(
  (name): CheckCell => ({
    id: name,
    arch: '',
    module: false,
    values: (one) => (one === name ? 'y' : 'n'),
    autoconf: name === '' ? '' : `#define CONFIG_${name} 1\n`,
  }),
);

it('values of other types than a configuration takes, or gives', async () => {
  const tree = await treeOf({
    ...SMALL_TREE,
    'include/linux/new.h': `struct one; struct other;
#ifdef CONFIG_LOCK
int take(struct one *, const char *);
int make(void);
struct ops { int (*call)(struct one *); };
void blink(unsigned long on);
#else
int take(struct other *, const char *);
void make(void);
struct ops { int (*call)(struct other *); };
void blink(unsigned long *on);
#endif
void any(void *, unsigned char *);
`,
    'driver.c': `#include <linux/new.h>
static int f(const struct one *one, struct ops *ops, void *some, char *text)
{
	int made = make();
	any(one, text);
	blink(0);
	blink((0x0UL));
	blink(50);
	made += take(some, 0) + take(0, text);
	return made + take(one, "text") + ops->call(one) + ops->call(some);
}
`,
  });
  const [file] = await checkFiles(tree, [`${tree.root}/driver.c`], cells, { jobs: 1 });
  const broken = cells.map((_, at) =>
    file?.apis.flatMap((api) =>
      api.cells[at]?.breaks ? [`${api.name} ${api.cells[at]?.reason}`] : [],
    ),
  );
  expect(broken).toEqual([
    [],
    [
      'struct ops.call takes as argument 1 struct other *, line 10 gives const struct one *',
      'blink takes as argument 1 unsigned long *, line 8 gives int',
      'make gives void, line 4 wants int',
      'take takes as argument 1 struct other *, line 10 gives const struct one *',
    ],
  ]);
});
