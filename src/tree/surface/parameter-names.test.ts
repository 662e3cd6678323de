import { expect, it } from 'vitest';
import { withoutParameterNames } from './parameter-names.ts';

it.each([
  ['int f(void)', 'int f(void)'],
  ['int f()', 'int f()'],
  ['int f(int a,long b)', 'int f(int,long)'],
  ['int f(unsigned int,unsigned long a)', 'int f(unsigned int,unsigned long)'],
  ['int f(struct foo*a,const struct bar*const b)', 'int f(struct foo*,const struct bar*const)'],
  [
    'int f(struct foo a,struct foo,const foo_t,foo_t b)',
    'int f(struct foo,struct foo,const foo_t,foo_t)',
  ],
  [
    'int f(char*argv[],int list[4][2],const char*fmt,...)',
    'int f(char*[],int[4][2],const char*,...)',
  ],
  ['int f(int(*call)(struct foo*a,int b),void*data)', 'int f(int(*)(struct foo*,int),void*)'],
  ['int f(void(*const table[2])(int a))', 'int f(void(*const [2])(int))'],
  ['void f', 'void f'],
])('%s is for callers %s', (head, seen) => expect(withoutParameterNames(head)).toBe(seen));
