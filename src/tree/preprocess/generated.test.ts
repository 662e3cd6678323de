import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { kbuildFlags } from './kbuild-flags.ts';
import { syscallFiles } from './syscall-files.ts';
import { timeConstants } from './time-constants.ts';

const TABLE = `# number abi name entry
0	common	read	sys_read
1	64	only	sys_only
2	x32	other	sys_other	compat_sys_other
7	common	write	sys_write
`;

async function filesOf(files: Record<string, string>, arch: string): Promise<Map<string, string>> {
  const root = folderOf(files);
  return syscallFiles(new SourceTree(root, await scanTree(root, { jobs: 1 })), arch);
}

describe('headers of system call numbers', () => {
  it("come from the tables the rules of an architecture's Makefile name", async () => {
    const found = await filesOf(
      {
        'arch/x86/entry/syscalls/Makefile': [
          'syscall64 := $(src)/syscall_64.tbl',
          '$(uapi)/unistd_64.h: abis := common,64',
          '$(uapi)/unistd_64.h: $(syscall64) $(syshdr) FORCE',
          '$(uapi)/unistd_x32.h: abis := common,x32',
          '$(uapi)/unistd_x32.h: offset := __X32_SYSCALL_BIT',
          '$(uapi)/unistd_x32.h: $(syscall64) $(syshdr) FORCE',
          '$(out)/unistd_64_x32.h: abis := x32',
          '$(out)/unistd_64_x32.h: prefix := x32_',
          '$(out)/unistd_64_x32.h: $(syscall64) $(syshdr) FORCE',
          '$(uapi)/unistd_none.h: $(nothing)',
        ].join('\n'),
        'arch/x86/entry/syscalls/syscall_64.tbl': TABLE,
        'arch/arm64/entry/syscalls/Makefile': 'syscall64 := $(src)/gone.tbl\n',
      },
      'x86',
    );
    expect(Object.fromEntries(found)).toEqual({
      'asm/unistd_64.h':
        '#define __NR_read 0\n#define __NR_only 1\n#define __NR_write 7\n#define __NR_syscalls 8\n',
      'asm/unistd_x32.h':
        '#define __NR_read (__X32_SYSCALL_BIT + 0)\n#define __NR_other (__X32_SYSCALL_BIT + 2)\n' +
        '#define __NR_write (__X32_SYSCALL_BIT + 7)\n#define __NR_syscalls 8\n',
      'asm/unistd_64_x32.h': '#define __NR_x32_other 2\n#define __NR_x32_syscalls 3\n',
    });
  });

  it('come from the common table for what Kbuild lists', async () => {
    const found = await filesOf(
      {
        'scripts/Makefile.asm-headers':
          'syscall_abis_32 += common,32\nsyscall_abis_64 += common,64\nsyscalltbl := $(srctree)/scripts/syscall.tbl\n',
        'scripts/syscall.tbl': TABLE,
        'arch/riscv/include/uapi/asm/Kbuild': 'syscall-y += unistd_64.h\n',
        'arch/riscv/include/asm/Kbuild': 'syscall-y += unistd_compat_32.h syscall_table_64.h\n',
        'arch/riscv/kernel/Makefile.syscalls': 'syscall_abis_32 += x32\n',
      },
      'riscv',
    );
    expect([...found.keys()]).toEqual(['asm/unistd_64.h', 'asm/unistd_compat_32.h']);
    expect(found.get('asm/unistd_compat_32.h')).toBe(
      '#define __NR_compat32_read 0\n#define __NR_compat32_other 2\n#define __NR_compat32_write 7\n' +
        '#define __NR_compat32_syscalls 8\n',
    );
  });
});

const VALUES: Readonly<Record<string, string>> = { ONE: 'm', DEBUG_ONE: 'y' };

/** What the Makefiles of a tree give a file. */
async function flagsOf(files: Record<string, string>, path: string): Promise<string[]> {
  const root = folderOf({ [path]: '', ...files });
  const tree = new SourceTree(root, await scanTree(root, { jobs: 1 }));
  const { folders, macros } = kbuildFlags(tree, path, {
    values: (name) => VALUES[name],
    arch: 'x86',
  });
  return [
    ...folders.map((folder) => `-I${folder}`),
    ...macros.map(({ name, body }) => `-D${name}=${body.map(({ text }) => text).join(' ')}`),
  ];
}

describe('flags of Makefiles', () => {
  it('are those of the folder, and of folders above those for folders below', async () => {
    const files = {
      'drivers/net/Makefile':
        'subdir-ccflags-y += -I$(srctree)/drivers/net/common\nccflags-y += -Ino\n',
      'drivers/net/one/Makefile':
        'ccflags-$(CONFIG_ONE) := -I $(src)/include \\\n\t-DX -I$(srctree)/$(src)/../two -I$(OTHER)/x\n' +
        'CFLAGS_main.o := -I$(src)\nCFLAGS_other.o := -DNOT\nobj-y += main.o\n' +
        'ccflags-$(CONFIG_TWO) += -DTWO\nccflags-$(CONFIG_DEBUG_ONE) += -DSPACE=\'"ONE"\'\n',
    };
    expect(await flagsOf(files, 'drivers/net/one/main.c')).toEqual([
      '-Idrivers/net/one/include',
      '-Idrivers/net/two',
      '-Idrivers/net/one',
      '-Idrivers/net/common',
      '-DX=1',
      '-DSPACE="ONE"',
    ]);
  });

  it('are those of the Makefile that lists the object, whatever folders lie between', async () => {
    const makefile = 'ccflags-y := -I$(src)\nmsm-y := disp/kms.o\nobj-m += msm.o\n';
    const files = { 'drivers/gpu/msm/Makefile': makefile };
    expect(await flagsOf(files, 'drivers/gpu/msm/disp/kms.c')).toEqual(['-Idrivers/gpu/msm']);
  });

  it('are those of a Makefile beside that includes the nearest one, with what variables stand for', async () => {
    const files = {
      'drivers/gpu/amd/core/Makefile':
        'FULL=$(src)/..\nDISPLAY = $(FULL)/display\nccflags-y := -I$(FULL)/include \\\n  -I$(DISPLAY)\n' +
        'ifneq ($(CONFIG_ONE),)\ninclude $(DISPLAY)/Makefile\nendif\nobj-m += amd.o\n',
      'drivers/gpu/amd/display/Makefile':
        'LIBS = dc modules\nALL = $(addsuffix /Makefile, $(addprefix $(DISPLAY)/,$(LIBS)))\ninclude $(ALL)\n',
      'drivers/gpu/amd/display/dc/Makefile': 'subdir-ccflags-y += -I$(DISPLAY)/dc/inc\n',
    };
    expect(await flagsOf(files, 'drivers/gpu/amd/display/dc/a/b.c')).toEqual([
      '-Idrivers/gpu/amd/include',
      '-Idrivers/gpu/amd/display',
      '-Idrivers/gpu/amd/display/dc/inc',
    ]);
  });

  it('of a hostile Makefile end, run nothing and stay in the tree', async () => {
    const files = {
      // Not what /etc/own names.
      'etc/own': 'ccflags-y += -DOWN\n',
      'd/Makefile':
        'A = $(B) $(B)\nB = $(A) $(A)\ninclude $(A) ../../etc/passwd /etc/own $(src)/Makefile\n' +
        `X := ${'$('.repeat(100_000)}a${')'.repeat(100_000)}\n` +
        'Z0 = aaaaaaaaaa\n' +
        Array.from({ length: 40 }, (_, i) => `Z${i + 1} = $(Z${i})$(Z${i})$(Z${i})\n`).join('') +
        'ccflags-y += $(A) $(Z40) $(shell echo -DBAD) $(eval X=1) -I/etc -I$(src)/../../.. -DGOOD\nobj-y += a.o\n',
    };
    expect(await flagsOf(files, 'd/a.c')).toEqual(['-DGOOD=1']);
  });
});

test('time constants convert as a division does', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(24, 100, 250, 256, 300, 1000, 1024),
      fc.constantFrom<[string, bigint]>(['MSEC', 1000n], ['USEC', 1_000_000n]),
      fc.bigInt({ min: 0n, max: 1_000_000n }),
      (hz, [unit, second], n) => {
        const lines = timeConstants(hz).matchAll(/^#define (\w+) (?:U64_C\()?(\w+)\)?$/gm);
        const value = new Map([...lines].map(([, name, number]) => [name, BigInt(number!)]));
        const of = (name: string): bigint => value.get(name) as bigint;
        // jiffies_to_msecs rounds down, msecs_to_jiffies up (kernel/time/time.c).
        const time = (of(`HZ_TO_${unit}_MUL32`) * n) >> of(`HZ_TO_${unit}_SHR32`);
        const exact = (n * second) / BigInt(hz);
        // The multiplier is rounded up: what takes more than its 32 bits may be a little too large.
        expect(time >= exact && (time - exact - 1n) << 31n <= exact).toBe(true);
        const way = `${unit}_TO_HZ`;
        const ticks = (of(`${way}_MUL32`) * n + of(`${way}_ADJ32`)) >> of(`${way}_SHR32`);
        expect(ticks).toBe((n * BigInt(hz) + second - 1n) / second);
        expect(of(`${way}_NUM`) * second).toBe(of(`${way}_DEN`) * BigInt(hz));
      },
    ),
    { numRuns: 200 },
  );
});
