/** A tree in the shape of a kernel, with one of each thing a driver can meet in a configuration. */
export const SMALL_TREE: Readonly<Record<string, string>> = {
  Kconfig: 'config MODULES\n\tdef_bool y\nconfig LOCK\n\tbool "lock"\nconfig NUMA\n\tbool "numa"\n',
  Makefile: `VERSION = 6
PATCHLEVEL = 12
SUBLEVEL = 3
USERINCLUDE := -I$(srctree)/include \
	-include $(srctree)/include/linux/compiler-version.h \
	-include $(srctree)/include/linux/kconfig.h
-include include/config/auto.conf
`,
  'scripts/Makefile.lib': 'c_flags = -include $(srctree)/include/linux/compiler_types.h\n',
  Kbuild: 'obj-y += mm/\n',
  'mm/Makefile': 'obj-y += core.o walk.o\nobj-$(CONFIG_NUMA) += policy.o\n',
  'include/linux/kconfig.h':
    '#include <generated/autoconf.h>\n#define __ARG(x) 0\n#define IS_ENABLED(x) __ARG(x)\n',
  'include/linux/compiler_types.h':
    '#define __init __attribute__((__section__(".init")))\n#define __user\n#define __must_check __attribute__((__warn_unused_result__))\n',
  'include/linux/lock.h': `#ifndef _LOCK_H
#define _LOCK_H
#define NULL ((void *)0)
#ifdef CONFIG_NUMA
#define NUMA_FLAG 4
#else
#define NUMA_FLAG 0
#endif
struct list { struct list *next; };
#define list_each(pos, head) for (pos = (head)->next; pos != (head); pos = pos->next)
#define list_member(ptr, type, member) ((type *)((char *)(ptr) - __builtin_offsetof(type, member)))
enum event { FIRST,
#ifdef CONFIG_LOCK
	LOCKED,
#endif
};
struct vma {
	unsigned long start;
	union {
		int flags;
#ifdef CONFIG_LOCK
		int seq;
#endif
	};
};
typedef struct vma *vma_t;
int always(struct vma *vma);
int __must_check inside(int);
int policy(struct vma *vma, int node);
#ifdef CONFIG_LOCK
struct vma *lock_vma(unsigned long address);
static inline void end_read(struct vma *vma) { vma->seq = 0; }
static inline int killable(struct vma *vma, int how) { return vma->seq + how; }
#define count(x) really(x)
void really(int);
void only_locked(void);
void for_states(void);
void for_others(void);
#else
static inline struct vma *lock_vma(unsigned long address)
{
	return NULL;
}
static inline void end_read(struct vma *vma) {}
static inline int killable(struct vma *vma) { return -4; }
#define count(x) do { } while (0)
#endif
typedef unsigned int u32;
#ifdef CONFIG_LOCK
typedef void (*walk_t)(struct vma *, u32);
#else
typedef void (*walk_t)(const struct vma *, u32);
#endif
struct inner_ops { walk_t walk; u32 (*count)(void); };
struct ops {
#ifdef CONFIG_LOCK
	void (*remove)(struct vma *vma);
#else
	int (*remove)(struct vma *vma);
#endif
	struct inner_ops inner;
};
int walk(struct vma *vma, walk_t walk, void *more);
int walk_more(struct vma *vma, void (*each)(struct vma *, u32));
#define walk_all(vma, each) walk(vma, (each), NULL)
#endif
`,
  'mm/core.c': `#include <linux/lock.h>
int always(struct vma *vma) { return 1 + vma->flags; }
EXPORT_SYMBOL(always);
int inside(int a)
{
	return a + 1;
}
#ifdef CONFIG_LOCK
struct vma *lock_vma(unsigned long address) { return find(address); }
EXPORT_SYMBOL_GPL(lock_vma);
void really(int a) { x += a; }
EXPORT_SYMBOL(really);
void only_locked(void) { x++; }
EXPORT_SYMBOL_NS(only_locked, MM);
void for_states(void) { x++; }
EXPORT_SYMBOL_FOR_MODULES(for_states, "states");
void for_others(void) { x++; }
EXPORT_SYMBOL_FOR_MODULES(for_others, "one,others-*");
#endif
`,
  'mm/walk.c': `#include <linux/lock.h>
int walk(struct vma *vma, walk_t walk, void *more) { walk(vma, 0); return 1; }
EXPORT_SYMBOL(walk);
int walk_more(struct vma *vma, void (*each)(struct vma *, u32)) { each(vma, 0); return 1; }
EXPORT_SYMBOL(walk_more);
`,
  'mm/policy.c':
    'int policy(struct vma *vma, int node) { return node + vma->flags; }\nEXPORT_SYMBOL(policy);\n',
};
