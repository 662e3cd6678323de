import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { syscallFiles } from './syscall-files.ts';
import { timeConstants } from './time-constants.ts';

const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');

/** Macros of a header with their values. */
const macros = (text: string): string[] =>
  [...text.matchAll(/^#define[ \t]+(\w+)[ \t]+(.+)$/gm)]
    .map(([, name, value]) => `${name} ${value?.toLowerCase()}`)
    .sort();

describe.runIf(existsSync(`${ROOT}/mm/memory.c`))('beside what a build makes', () => {
  test('time constants', () => {
    for (const hz of [100, 250, 300, 1000]) {
      const made = execFileSync('bc', ['-q', 'kernel/time/timeconst.bc'], {
        cwd: ROOT,
        input: `${hz}\n`,
      });
      const theirs = macros(made.toString().replaceAll('\t', ' '));
      expect(macros(timeConstants(hz))).toEqual(theirs);
    }
  });

  test('numbers of system calls', async () => {
    const tree = new SourceTree(ROOT, await scanTree(ROOT));
    const folder = mkdtempSync(join(tmpdir(), 'kmatrix-generated-'));
    const common = 'scripts/syscall.tbl';
    for (const [arch, name, table, ...args] of [
      ['x86', 'unistd_64.h', 'arch/x86/entry/syscalls/syscall_64.tbl', '--abis', 'common,64'],
      [
        'x86',
        'unistd_32_ia32.h',
        'arch/x86/entry/syscalls/syscall_32.tbl',
        '--abis',
        'i386',
        '--prefix',
        'ia32_',
      ],
      [
        'x86',
        'unistd_x32.h',
        'arch/x86/entry/syscalls/syscall_64.tbl',
        '--abis',
        'common,x32',
        '--offset',
        '__X32_SYSCALL_BIT',
      ],
      [
        'arm64',
        'unistd_64.h',
        'arch/arm64/tools/syscall_64.tbl',
        '--abis',
        'common,64,renameat,rlimit,memfd_secret',
      ],
      ['riscv', 'unistd_64.h', common, '--abis', 'common,64,riscv,rlimit,memfd_secret'],
    ] as const) {
      const out = join(folder, name);
      execFileSync('sh', ['scripts/syscallhdr.sh', '--emit-nr', ...args, table, out], {
        cwd: ROOT,
      });
      const made = syscallFiles(tree, arch).get(`asm/${name}`) ?? '';
      expect(macros(made), `${arch} ${name}`).toEqual(macros(readFileSync(out, 'utf8')));
    }
    rmSync(folder, { recursive: true });
  });
});
