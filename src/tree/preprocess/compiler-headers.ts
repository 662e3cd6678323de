import type { SourceTree } from '../source/source-tree.ts';

/** What a compiler brings for code without a system below it (C11 4, paragraph 6), as far as code of kernels uses it. */
const HEADERS: Readonly<Record<string, string>> = {
  'stdbool.h': '#define bool _Bool\n#define true 1\n#define false 0\n',
  'stddef.h': `#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#ifndef _SIZE_T
#define _SIZE_T
typedef __SIZE_TYPE__ size_t;
#endif
#ifndef _PTRDIFF_T
#define _PTRDIFF_T
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#endif
`,
  'stdarg.h': `#ifndef _STDARG_H
#define _STDARG_H
typedef __builtin_va_list va_list;
#define va_start(list, last) __builtin_va_start(list, last)
#define va_end(list) __builtin_va_end(list)
#define va_arg(list, type) __builtin_va_arg(list, type)
#define va_copy(to, from) __builtin_va_copy(to, from)
#endif
`,
};

/** Headers a compiler brings that a tree has none of its own for, by the name they are included by. */
export function compilerHeaders(tree: SourceTree): [string, string][] {
  return Object.entries(HEADERS).filter(([name]) => !tree.has(`include/${name}`));
}
