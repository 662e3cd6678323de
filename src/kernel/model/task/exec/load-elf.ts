/** Mapping a program. After load_elf_binary, elf_load and create_elf_tables in fs/binfmt_elf.c and map_vdso of x86. */
import { type Exec, type Routine, routine, TASK } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { VM_OPS_ANON, VM_OPS_SPECIAL, VM_READ, VM_WRITE } from '../../mm/structs.ts';
import type { VmaAlloc } from '../../mm/vma.ts';
import { type ElfFile, filesOf, type Segment, totalMappingSize } from '../../program.ts';
import { isSince } from '../../release.ts';
import { MAP_FLAGS } from '../../uapi.ts';
import type { Binaries } from './binaries.ts';
import { loadBias, specialMappings } from './layout.ts';

export interface LoadElfParts {
  readonly binaries: Binaries;
  readonly alloc: VmaAlloc;
  /** `(mm, vma, start, end, flags, ops) -> vma`. */
  readonly insert_vm_struct: Routine;
  /** `(mm, start, end, flags, file, pgoff) -> start`. */
  readonly mmap_region: Routine;
  /** `(pages, prot, flags, at, file, pgoff) -> address or -errno`. */
  readonly vm_mmap: Routine;
  /** `(mm, start, end, downgrade) -> 0 or -errno`: mmap_lock is held for writing. */
  readonly do_vmi_munmap: Routine;
  /** `(address) -> 0 or -errno`, as the kernel's own stores to user memory. */
  readonly put_user: Routine;
  readonly clear_user: Routine;
}

const T = TASK.at;
const mmOf = (k: Exec) => k.peek(k.task + T.mm);

/** `(program) -> 0 or -errno`: into the caller's new address space, which has its stack. */
export function loadElfBinary(c: MmCore, parts: LoadElfParts): Routine {
  const { b, MM, mmap } = c;
  const { binaries, vm_mmap, put_user, clear_user } = parts;
  const { programs } = binaries;
  const files = filesOf(programs);
  const map_vdso = mapVdso(c, parts);

  /** `(start, end)`: unlike munmap it keeps the lock for writing to the end. */
  const vm_munmap = b.add(
    routine('vm_munmap', ['start', 'end'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, mmOf(k)),
      do_vmi_munmap(k) {
        if (k.result() !== 0) return k.ret();
        return k.call(parts.do_vmi_munmap, mmOf(k), k.get(v.start), k.get(v.end), 0);
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, mmOf(k)),
      done: (k) => k.ret(),
    })),
  );

  /** `(start, pages) -> 0 or -errno`. */
  const vm_brk_flags = b.add(
    routine('vm_brk_flags', ['start', 'pages', 'ret'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, mmOf(k)),
      do_brk_flags(k) {
        if (k.result() !== 0) return k.ret(k.result());
        const start = k.get(v.start);
        const end = k.get(v.start) + k.get(v.pages);
        return k.call(parts.mmap_region, mmOf(k), start, end, VM_READ | VM_WRITE, VM_OPS_ANON);
      },
      done(k) {
        k.set(v.ret, Math.min(0, k.result()));
        return k.call(mmap.mmap_write_unlock, mmOf(k));
      },
      unlocked: (k) => k.ret(k.get(v.ret)),
    })),
  );

  const segmentOf = (file: number, i: number) => (files[file] as ElfFile).segments[i] as Segment;

  /** `(file, i, base, brk_first) -> 0 or -errno`: what of a segment is not of the file, at the end of its last page and behind that. */
  const elf_bss = b.add(
    routine('elf_bss', ['file', 'i', 'base', 'brk_first'], (v) => {
      const segment = (k: Exec) => segmentOf(k.get(v.file), k.get(v.i));
      const end = (k: Exec) => k.get(v.base) + segment(k).at + segment(k).file;
      return {
        order: (k) => (k.get(v.brk_first) ? 'vm_brk_flags' : 'padzero'),
        padzero(k) {
          if (segment(k).clears) return k.call(clear_user, end(k) - 1);
        },
        padded(k) {
          if (k.get(v.brk_first)) return k.ret(0);
        },
        vm_brk_flags(k) {
          const { file: own, pages } = segment(k);
          if (pages > own) return k.call(vm_brk_flags, end(k), pages - own);
          return k.get(v.brk_first) ? 'padzero' : k.ret(0);
        },
        mapped: (k) => (k.get(v.brk_first) && k.result() === 0 ? 'padzero' : k.ret(k.result())),
      };
    }),
  );

  // Since 6.7 each segment brings its bss; before, that of an executable came when all its segments were mapped.
  const bssLast = !isSince(c.release, '6.12');
  /** `(file, at, flags, image) -> where it begins or -errno`: the kernel chooses where `at` is 0. */
  const elf_load = b.add(
    routine('elf_load', ['file', 'at', 'flags', 'image', 'i', 'base'], (v) => {
      const file = (k: Exec) => files[k.get(v.file)] as ElfFile;
      const segment = (k: Exec) => segmentOf(k.get(v.file), k.get(v.i));
      // The first mapping of what may lie anywhere has room for all of it.
      const room = (k: Exec) =>
        k.get(v.i) === 0 && file(k).anywhere ? totalMappingSize(file(k)) : segment(k).file;
      const late = (k: Exec) => bssLast && k.get(v.image) !== 0;
      return {
        elf_map(k) {
          const { at, prot, offset } = segment(k);
          if (k.get(v.i) === 0) k.set(v.base, k.get(v.at));
          if (room(k) === 0) return 'elf_bss';
          const flags = MAP_FLAGS.private | (k.get(v.i) === 0 ? k.get(v.flags) : MAP_FLAGS.fixed);
          const inode = binaries.of(k, file(k));
          return k.call(vm_mmap, room(k), prot, flags, k.get(v.base) + at, inode, offset);
        },
        mapped(k) {
          if (k.result() < 0) return k.ret(k.result());
          if (k.get(v.i) > 0) return 'elf_bss';
          k.set(v.base, k.result() - segment(k).at);
          const end = k.result() + segment(k).file;
          const rest = room(k) - segment(k).file;
          if (rest > 0) return k.call(vm_munmap, end, end + rest);
        },
        elf_bss(k) {
          if (!late(k)) return k.call(elf_bss, k.get(v.file), k.get(v.i), k.get(v.base), 0);
          k.set(v.i, k.get(v.i) + 1);
          if (k.get(v.i) < file(k).segments.length) return 'elf_map';
          k.set(v.i, 0);
          return 'set_brk';
        },
        next(k) {
          if (k.result() < 0) return k.ret(k.result());
          k.set(v.i, k.get(v.i) + 1);
          return k.get(v.i) < file(k).segments.length ? 'elf_map' : k.ret(k.get(v.base));
        },
        set_brk: (k) => k.call(elf_bss, k.get(v.file), k.get(v.i), k.get(v.base), 1),
        next_brk(k) {
          if (k.result() < 0) return k.ret(k.result());
          k.set(v.i, k.get(v.i) + 1);
          return k.get(v.i) < file(k).segments.length ? 'set_brk' : k.ret(k.get(v.base));
        },
      };
    }),
  );

  const create_elf_tables = b.add(
    routine('create_elf_tables', [], () => ({
      // find_extend_vma: the stack reaches as far as it must already.
      mmap_lock: (k) => k.call(extending(c), mmOf(k)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
        return k.call(
          isSince(c.release, '6.6') ? mmap.mmap_write_unlock : mmap.mmap_read_unlock,
          mmOf(k),
        );
      },
      put_user: (k) => k.call(put_user, k.peek(mmOf(k) + MM.at.start_stack)),
      done: (k) => k.ret(k.result()),
    })),
  );

  return b.add(
    routine('load_elf_binary', ['program', 'ret'], (v) => {
      const program = (k: Exec) => programs[k.get(v.program)] as (typeof programs)[number];
      return {
        elf_load(k) {
          const { file } = program(k);
          return k.call(
            elf_load,
            files.indexOf(file),
            loadBias(file),
            MAP_FLAGS.fixed_noreplace,
            1,
          );
        },
        load_elf_interp(k) {
          if (k.result() < 0) return k.ret(k.result());
          const { interpreter } = program(k);
          if (interpreter === undefined) return 'map_vdso';
          return k.call(elf_load, files.indexOf(interpreter), 0, 0, 0);
        },
        interp_load_addr(k) {
          if (k.result() < 0) return k.ret(k.result());
          k.poke(mmOf(k) + MM.at.saved_auxv, k.result());
        },
        map_vdso: (k) => k.call(map_vdso),
        create_elf_tables: (k) => (k.result() < 0 ? k.ret(k.result()) : k.call(create_elf_tables)),
        brk(k) {
          if (k.result() < 0) return k.ret(k.result());
          const { file } = program(k);
          const end = loadBias(file) + Math.max(...file.segments.map((s) => s.at + s.pages));
          k.poke(mmOf(k) + MM.at.start_brk, end);
          k.store(mmOf(k) + MM.at.brk, end);
          return k.ret(0);
        },
      };
    }),
  );
}

/** How mmap_lock is taken where a stack is grown by hand: for writing since 6.5. */
function extending({ mmap, release }: MmCore): Routine {
  return isSince(release, '6.6') ? mmap.mmap_write_lock_killable : mmap.mmap_read_lock_killable;
}

/** `() -> 0 or -errno`. */
function mapVdso(c: MmCore, parts: LoadElfParts): Routine {
  const { b, mmap, pt } = c;
  const mappings = specialMappings(pt);
  return b.add(
    routine('map_vdso', ['i'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, mmOf(k)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      _install_special_mapping: (k) => k.call(parts.alloc.vm_area_alloc, mmOf(k)),
      insert_vm_struct(k) {
        const { start, end, flags } = mappings[k.get(v.i)] as (typeof mappings)[number];
        k.set(v.i, k.get(v.i) + 1);
        const vma = k.result();
        return k.call(parts.insert_vm_struct, mmOf(k), vma, start, end, flags, VM_OPS_SPECIAL);
      },
      installed: () => undefined,
      next: (k) => (k.get(v.i) < mappings.length ? '_install_special_mapping' : undefined),
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, mmOf(k)),
      done: (k) => k.ret(0),
    })),
  );
}
