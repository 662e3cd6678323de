/** Layouts of 6.12 against those of real kernels. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Options, structsOf } from './structs-of.test-util.ts';

interface RealStruct {
  readonly size: number;
  readonly align?: number;
  /** Name, offset, size. */
  readonly fields: readonly [string, number, number][];
}

interface RealKernel {
  readonly what: string;
  readonly options: Options;
  readonly told?: Options;
  readonly structs: Readonly<Record<string, RealStruct>>;
}

const read = (file: string): [string, RealKernel][] => {
  const url = new URL(`./testdata/${file}`, import.meta.url);
  return Object.entries(
    (JSON.parse(readFileSync(url, 'utf8')) as { kernels: Record<string, RealKernel> }).kernels,
  );
};

const modelled = ({ options, told }: RealKernel) =>
  structsOf(
    { ...told, ...options },
    { tree: '6.12', lock: options.PER_VMA_LOCK === 'y' ? 'rwsem' : 'absent' },
  ).structs;

describe.each(read('structs-6.12.json'))('kernel %s as built', (_, kernel) => {
  const structs = modelled(kernel);

  it('has the same structures', () => {
    expect([...structs.keys()].sort()).toEqual(Object.keys(kernel.structs).sort());
  });

  it.each(Object.entries(kernel.structs))('%s: size and every field', (name, real) => {
    const s = structs.get(name)!;
    expect(s.size).toBe(real.size);
    // pahole names members of nested structures by their last part and shows where such a structure ends.
    const fields = real.fields.filter(([field]) => field !== '' && field !== '}');
    const ours = s.fields.map((f) => [f.name.replace(/^.*\./, ''), f.offset, f.size]);
    const inOrder = (a: (string | number)[], b: (string | number)[]) =>
      Number(a[1]) - Number(b[1]) || (String(a[0]) < String(b[0]) ? -1 : 1);
    expect(ours.sort(inOrder)).toEqual([...fields].sort(inOrder));
  });
});

describe.each(read('compiled-6.12.json'))('headers compiled as %s', (_, kernel) => {
  const structs = modelled(kernel);

  it.each(Object.entries(kernel.structs))('%s: size, alignment and every field', (name, real) => {
    const { size, align, fields } = structs.get(name)!;
    expect({ size, align }).toEqual({ size: real.size, align: real.align });
    expect(fields.map((f) => [f.name, f.offset, f.size])).toEqual(real.fields);
  });
});

describe('slab objects', () => {
  const sizes = (options: Options, lock: 'rwsem' | 'absent') => {
    const { structs } = structsOf(options, { tree: '6.12', lock });
    return [structs.get('vm_area_struct'), structs.get('vma_lock')].map((s) => s?.slabObjectSize);
  };
  const smp64 = { '64BIT': 'y', SMP: 'y', MMU: 'y', RWSEM_SPIN_ON_OWNER: 'y', USERFAULTFD: 'y' };

  it('are packed in 6.12: no SLAB_HWCACHE_ALIGN', () => {
    expect(sizes(smp64, 'rwsem')).toEqual([152, 40]);
    expect(sizes(smp64, 'absent')).toEqual([136, undefined]);
    expect(sizes({ MMU: 'y', USERFAULTFD: 'y' }, 'absent')).toEqual([72, undefined]);
  });
});
