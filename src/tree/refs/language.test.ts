import { expect, it } from 'vitest';
import { type Language, languageOf } from './language.ts';

it.each<[Language, string[]]>([
  [
    'c',
    [
      'mm/memory.c',
      'drivers/usb/core/config.c',
      'arch/arm/include/asm/config.h',
      'arch/mips/vdso/config-n32-o32-env.c',
      'include/configs/sandbox.h',
      'arch/arm/kernel/head.S',
    ],
  ],
  [
    'defconfig',
    [
      'arch/x86/configs/x86_64_defconfig',
      'arch/x86/configs/tiny.config',
      'arch/powerpc/configs/ppc6xx_defconfig',
      'kernel/configs/debug.config',
      'tools/testing/selftests/mm/config',
      'tools/testing/selftests/bpf/config.x86_64',
      'tools/testing/selftests/rcutorture/configs/rcu/TREE01',
      'config-6.12.0-amd64',
      'configs/config.vga-ati',
      '.config',
    ],
  ],
  [
    'documentation',
    [
      'README',
      'configs/README',
      'doc/config.rst',
      'Documentation/x/y.c',
      'Documentation/admin-guide/config-x.txt',
    ],
  ],
  [
    'other',
    [
      'scripts/config',
      'scripts/gdb/linux/config.py',
      'configs/rcu/ver_functions.sh',
      'build-aux/config.guess',
      'tools/testing/ktest/config-bisect.pl',
    ],
  ],
  ['makefile', ['board/x/config.mk', 'configs/devices/default.mak', 'Kbuild']],
  ['kconfig', ['configs/Kconfig']],
  ['rust', ['rust/config.rs']],
])('takes for %s', (language, paths) => {
  expect(paths.filter((path) => languageOf(path) !== language)).toEqual([]);
});
