/** Kernels built here and booted under an emulator that counts instructions, to measure again what a measurement leaves open. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;

/** What a boot says of each operation: instructions of one, by pass and round. */
export type Counted = ReadonlyMap<string, readonly (readonly number[])[]>;

/** A kernel with per-VMA locks or without, and the file system it boots with. */
export interface OwnKernel {
  readonly image: string;
  readonly files: string;
}

/** Is all there to build and boot kernels. */
export function canBoot(): boolean {
  return ['qemu-system-x86_64', 'make', 'gcc', 'flex', 'bison', 'bc'].every((tool) =>
    (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, tool))),
  );
}

/**
 * Builds a kernel of a tree in a folder of its own, from tinyconfig and what the operations need; one that is there is taken. In mm/Kconfig the
 * lock has no prompt: without it a copy of that file in the build's folder, where conf looks first, has it off.
 *
 * @throws where a tool fails, with what it said
 */
export function ownKernel(tree: string, folder: string, lock: boolean): OwnKernel {
  const image = join(folder, 'arch/x86/boot/bzImage');
  if (!existsSync(image)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'mm'), { recursive: true });
    if (!lock) {
      const text = readFileSync(join(tree, 'mm/Kconfig'), 'utf8');
      const off = text.replace(/(^config PER_VMA_LOCK\n\s+)def_bool y/m, '$1def_bool n');
      writeFileSync(join(folder, 'mm/Kconfig'), off);
    }
    make(tree, folder, 'tinyconfig');
    const options = readFileSync(join(HERE, 'options.config'), 'utf8');
    writeFileSync(join(folder, '.config'), readFileSync(join(folder, '.config'), 'utf8') + options);
    make(tree, folder, 'olddefconfig');
    make(tree, folder, `-j${availableParallelism()}`, 'bzImage');
  }
  const isOn = /^CONFIG_PER_VMA_LOCK=y$/m.test(readFileSync(join(folder, '.config'), 'utf8'));
  if (isOn !== lock) throw new Error(`${folder} has the lock ${isOn ? 'on' : 'off'}`);
  return { image, files: fileSystem(folder) };
}

function make(tree: string, folder: string, ...goals: readonly string[]): void {
  execFileSync('make', ['-s', '-C', tree, `O=${folder}`, ...goals], { stdio: 'pipe' });
}

/** Its only program is the first process. */
function fileSystem(folder: string): string {
  const init = join(folder, 'own-init');
  execFileSync('gcc', [
    '-O2',
    '-Wall',
    '-Werror',
    '-static',
    '-pthread',
    '-o',
    init,
    join(HERE, 'init.c'),
  ]);
  const list = join(folder, 'own-files');
  writeFileSync(
    list,
    `dir /dev 0755 0 0\nnod /dev/console 0600 0 0 c 5 1\nfile /init ${init} 0755 0 0\n`,
  );
  const files = join(folder, 'own-files.cpio');
  writeFileSync(
    files,
    execFileSync(join(folder, 'usr/gen_init_cpio'), [list], { maxBuffer: 1 << 28 }),
  );
  return files;
}

/** Boots it on one emulated CPU, whose clock is the number of instructions it has executed; the same seed gives the same numbers. */
export function boot({ image, files }: OwnKernel, seed: number, passes: number): Counted {
  const line = `console=ttyS0 quiet nokaslr norandmaps panic=-1 kmatrix.seed=${seed} kmatrix.passes=${passes}`;
  const machine =
    '-accel tcg,thread=single -icount shift=0,sleep=off -rtc clock=vm,base=2026-01-01 -cpu max -smp 1 -m 512';
  const plain = '-nographic -no-reboot -nodefaults -serial stdio -monitor none';
  const said = execFileSync(
    'qemu-system-x86_64',
    [
      ...machine.split(' '),
      ...plain.split(' '),
      '-kernel',
      image,
      '-initrd',
      files,
      '-append',
      line,
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 1_200_000, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if (!/^DONE\r?$/m.test(said)) throw new Error(`the kernel did not end:\n${said.slice(-2000)}`);
  const lines = [...said.matchAll(/^PASS (\w+) ([\d. ]+?)\s*$/gm)];
  const passesOf = Map.groupBy(lines, ([, name]) => name as string);
  return new Map(
    [...passesOf].map(([name, all]) => [
      name,
      all.map(([, , rounds]) => numbers(rounds as string)),
    ]),
  );
}

function numbers(text: string): number[] {
  return text.split(' ').map(Number);
}
