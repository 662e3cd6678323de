/** The files of the programs a machine knows, on its root file system. */
import { type Exec, wordStruct } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import type { Shmem } from '../../mm/shmem.ts';
import { type ElfFile, filePages, filesOf, type Program } from '../../program.ts';

export interface Binaries {
  readonly programs: readonly Program[];
  /** The file in memory of an executable or interpreter. */
  of(k: Exec, file: ElfFile): number;
}

/** Has the files put into the page cache, whole, when an executor boots the machine. */
export function binaries(c: MmCore, shm: Shmem, programs: readonly Program[]): Binaries {
  const files = filesOf(programs);
  const inodes = c.b.memory.object(
    wordStruct('binaries', { inode: { array: Math.max(1, files.length) } }),
    'binaries',
  );
  c.b.onBoot((k) => {
    files.forEach((file, i) => {
      const pages = filePages(file);
      const inode = shm.create(k, pages);
      for (let page = 0; page < pages; page++) {
        const pfn = c.pages.alloc(k);
        // No two pages of a program are alike.
        c.pages.setData(k, pfn, page + 1);
        shm.insert(k, inode, page, pfn);
      }
      k.poke(inodes + i, inode);
    });
  });
  return { programs, of: (k, file) => k.peek(inodes + files.indexOf(file)) };
}
