import { type Macro, plainMacro } from './macro.ts';

/** The value of an option. */
type Values = (symbol: string) => string | undefined;

/** What a data model makes of the types of C: widths in bytes, and the alignment of 8-byte numbers in a struct. */
export interface DataModel {
  readonly long: 4 | 8;
  /** Alignment of `long long` and `double` as a member: 4 on i386 and m68k (System V ABI, i386 supplement). */
  readonly wide: 2 | 4 | 8;
  readonly bigEndian: boolean;
}

/** Architectures whose compilers make code of 64 bits where nobody says which; names of the others are those of 32. */
const WIDE = new Set(['riscv']);

/** The data model of an architecture, by the folder below arch/, in a configuration. */
export function dataModelOf(arch: string, values: Values): DataModel {
  // No value, or an empty one, where a tree has no such option.
  const sixtyFour = values('64BIT') || (WIDE.has(arch) ? 'y' : 'n');
  const long = sixtyFour === 'y' ? 8 : 4;
  const wide = arch === 'm68k' ? 2 : arch === 'x86' && long === 4 ? 4 : 8;
  return { long, wide, bigEndian: values('CPU_BIG_ENDIAN') === 'y' };
}

/** Names by which GCC tells architectures, for 32 and 64 bits; of others `__arch__`. */
const NAMES: Readonly<Record<string, readonly [narrow: string, wide: string]>> = {
  x86: ['__i386__ __i386 i386', '__x86_64__ __x86_64 __amd64__ __amd64'],
  arm: ['__arm__ __ARM_EABI__ __ARMEL__', ''],
  arm64: ['', '__aarch64__ __AARCH64EL__'],
  riscv: ['__riscv', '__riscv'],
  s390: ['__s390__', '__s390__ __s390x__ __zarch__'],
  powerpc: [
    '__powerpc__ __PPC__ _ARCH_PPC',
    '__powerpc__ __PPC__ __powerpc64__ __PPC64__ _ARCH_PPC',
  ],
  mips: ['__mips__ __mips', '__mips__ __mips __mips64'],
  sparc: ['__sparc__', '__sparc__ __sparc_v9__ __arch64__'],
  parisc: ['__hppa__', '__hppa__ __LP64__'],
  loongarch: ['__loongarch__', '__loongarch__ __loongarch64'],
};

/** What a compiler defines by itself, and the kernel's Makefile with `-D`. */
export function compilerMacros(arch: string, values: Values): Macro[] {
  const { long, bigEndian } = dataModelOf(arch, values);
  const wide = long === 8;
  const list = new Map<string, string>();
  const add = (text: Readonly<Record<string, string | number>>): void => {
    for (const [name, value] of Object.entries(text)) list.set(name, String(value));
  };
  add({
    __KERNEL__: 1,
    __STDC__: 1,
    __STDC_VERSION__: '201112L',
    __STDC_HOSTED__: 0,
    __OPTIMIZE__: 1,
    __linux__: 1,
    __linux: 1,
    __unix__: 1,
    __CHAR_BIT__: 8,
    __CHAR_UNSIGNED__: 1,
    __SIZEOF_SHORT__: 2,
    __SIZEOF_INT__: 4,
    __SIZEOF_LONG__: long,
    __SIZEOF_POINTER__: long,
    __SIZEOF_SIZE_T__: long,
    __SIZEOF_LONG_LONG__: 8,
    __SCHAR_MAX__: '0x7f',
    __SHRT_MAX__: '0x7fff',
    __INT_MAX__: '0x7fffffff',
    __INT_WIDTH__: 32,
    __LONG_WIDTH__: long * 8,
    __LONG_LONG_WIDTH__: 64,
    __LONG_MAX__: wide ? '0x7fffffffffffffffL' : '0x7fffffffL',
    __LONG_LONG_MAX__: '0x7fffffffffffffffLL',
    __SIZE_TYPE__: wide ? 'long unsigned int' : 'unsigned int',
    __SIZE_MAX__: wide ? '0xffffffffffffffffUL' : '0xffffffffU',
    __PTRDIFF_TYPE__: wide ? 'long int' : 'int',
    __INTPTR_TYPE__: wide ? 'long int' : 'int',
    __UINTPTR_TYPE__: wide ? 'long unsigned int' : 'unsigned int',
    __WCHAR_TYPE__: 'int',
    __INT8_TYPE__: 'signed char',
    __INT16_TYPE__: 'short int',
    __INT32_TYPE__: 'int',
    __INT64_TYPE__: wide ? 'long int' : 'long long int',
    __UINT8_TYPE__: 'unsigned char',
    __UINT16_TYPE__: 'short unsigned int',
    __UINT32_TYPE__: 'unsigned int',
    __UINT64_TYPE__: wide ? 'long unsigned int' : 'long long unsigned int',
    __ORDER_LITTLE_ENDIAN__: 1234,
    __ORDER_BIG_ENDIAN__: 4321,
    __BYTE_ORDER__: bigEndian ? 4321 : 1234,
    __ATOMIC_RELAXED: 0,
    __ATOMIC_CONSUME: 1,
    __ATOMIC_ACQUIRE: 2,
    __ATOMIC_RELEASE: 3,
    __ATOMIC_ACQ_REL: 4,
    __ATOMIC_SEQ_CST: 5,
  });
  if (wide) add({ __LP64__: 1, _LP64: 1, __SIZEOF_INT128__: 16 });
  if (arch === 'x86') add({ __GCC_ASM_FLAG_OUTPUTS__: 1 });
  if (arch === 'riscv') {
    // No kernel or firmware does without these two extensions, M and A.
    add({ __riscv_xlen: long * 8, __riscv_mul: 1, __riscv_div: 1, __riscv_atomic: 1 });
  }
  if (arch === 'arm') add({ __LINUX_ARM_ARCH__: values('CPU_V6') === 'y' ? 6 : 7 });
  for (const name of (NAMES[arch]?.[wide ? 1 : 0] ?? `__${arch}__`).split(' ')) {
    if (name !== '') add({ [name]: 1 });
  }
  add(versionOf(values));
  add(sanitizersOf(values));
  // Taken to have all that is asked for: what it lacks, headers leave out, and neither names nor sizes change by it.
  const has = ['__has_attribute', '__has_builtin'].map(
    (name): Macro => ({ ...plainMacro(name, '1'), params: ['x'] }),
  );
  return [...[...list].map(([name, text]) => plainMacro(name, text)), ...has];
}

/**
 * What GCC defines for `-fsanitize=` of scripts/Makefile.kcsan and Makefile.kasan ("Common Predefined Macros" of its manual); Clang answers
 * `__has_feature` instead. Files that are left out of it by their Makefile are taken for the others.
 */
function sanitizersOf(values: Values): Record<string, number> {
  if (values('CC_IS_CLANG') === 'y') return {};
  return {
    ...(values('KCSAN') === 'y' && { __SANITIZE_THREAD__: 1 }),
    ...(values('KASAN_GENERIC') === 'y' && { __SANITIZE_ADDRESS__: 1 }),
    ...(values('KASAN_SW_TAGS') === 'y' && { __SANITIZE_HWADDRESS__: 1 }),
  };
}

/** The version Kconfig was told (init/Kconfig, GCC_VERSION: 140200 for 14.2.0). */
function versionOf(values: Values): Record<string, string | number> {
  const parts = (text: string | undefined): number[] => {
    const all = Number(text ?? 0);
    return [Math.floor(all / 10000), Math.floor(all / 100) % 100, all % 100];
  };
  if (values('CC_IS_CLANG') === 'y') {
    const [major, minor, patch] = parts(values('CLANG_VERSION')) as [number, number, number];
    return {
      __clang__: 1,
      __clang_major__: major,
      __clang_minor__: minor,
      __clang_patchlevel__: patch,
      __GNUC__: 4,
      __GNUC_MINOR__: 2,
      __GNUC_PATCHLEVEL__: 1,
      __VERSION__: '"clang"',
    };
  }
  const known = parts(values('GCC_VERSION')) as [number, number, number];
  const [major, minor, patch] = known[0] === 0 ? [12, 2, 0] : known;
  return {
    __GNUC__: major,
    __GNUC_MINOR__: minor,
    __GNUC_PATCHLEVEL__: patch,
    __VERSION__: '"gcc"',
  };
}
