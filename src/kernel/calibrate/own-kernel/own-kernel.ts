/** Kernels built here and booted under an emulator that counts instructions, to measure again what a measurement leaves open. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const OPTIONS = join(HERE, 'options.config');
/** In a build's folder: the options it was built of. */
const BUILT_OF = 'own-options';

/** What a boot says of each operation: instructions of one, by pass and round. */
export type Counted = ReadonlyMap<string, readonly (readonly number[])[]>;

/** A kernel with per-VMA locks or without, and the file system it boots with. */
export interface OwnKernel {
  readonly image: string;
  /** The folder of its objects. */
  readonly objects: string;
  readonly files: string;
}

/** Is all there to build and boot kernels. */
export function canBoot(): boolean {
  return ['qemu-system-x86_64', 'make', 'gcc', 'flex', 'bison', 'bc'].every((tool) =>
    (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, tool))),
  );
}

/**
 * Builds a kernel of a tree in a folder of its own, of the configuration the kernels measured had; one that is there is taken. In mm/Kconfig the
 * lock has no prompt: without it a copy of that file in the build's folder, where conf looks first, has it off.
 *
 * @throws where a tool fails, with what it said
 */
export function ownKernel(tree: string, folder: string, lock: boolean): OwnKernel {
  const image = join(folder, 'arch/x86/boot/bzImage');
  if (!isOf(folder, image)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'mm'), { recursive: true });
    if (!lock) {
      const text = readFileSync(join(tree, 'mm/Kconfig'), 'utf8');
      const off = text.replace(/(^config PER_VMA_LOCK\n\s+)def_bool y/m, '$1def_bool n');
      writeFileSync(join(folder, 'mm/Kconfig'), off);
    }
    make(tree, folder, `KCONFIG_ALLCONFIG=${OPTIONS}`, 'allnoconfig');
    make(tree, folder, `-j${availableParallelism()}`, 'bzImage');
    copyFileSync(OPTIONS, join(folder, BUILT_OF));
  }
  const isOn = /^CONFIG_PER_VMA_LOCK=y$/m.test(readFileSync(join(folder, '.config'), 'utf8'));
  if (isOn !== lock) throw new Error(`${folder} has the lock ${isOn ? 'on' : 'off'}`);
  return { image, objects: folder, files: fileSystem(folder) };
}

/** Whether a kernel was built there, of these options. */
function isOf(folder: string, image: string): boolean {
  const builtOf = join(folder, BUILT_OF);
  if (!existsSync(image) || !existsSync(builtOf)) return false;
  return readFileSync(builtOf, 'utf8') === readFileSync(OPTIONS, 'utf8');
}

/** The options it was built of that are set, but for the size of the pages a fault may map: the command line of a boot forbids huge ones. */
export function optionsOf({ objects }: OwnKernel): ReadonlyMap<string, string> {
  const config = readFileSync(join(objects, '.config'), 'utf8');
  const set = [...config.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  return new Map([...set, ['TRANSPARENT_HUGEPAGE_ALWAYS', 'n']] as [string, string][]);
}

/** The symbols of an object, without what a compiler adds to their names. */
export function symbolsOf({ objects }: OwnKernel, object: string): ReadonlySet<string> {
  const said = execFileSync('nm', [join(objects, object)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return new Set(
    said.split('\n').map((line) => (line.split(' ').at(-1) ?? '').replace(/\..*/, '')),
  );
}

function make(tree: string, folder: string, ...goals: readonly string[]): void {
  execFileSync('make', ['-s', '-C', tree, 'ARCH=x86_64', `O=${folder}`, ...goals], {
    stdio: 'pipe',
  });
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
    join(HERE, 'workloads.c'),
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

/**
 * Boots it on one emulated CPU, whose clock is the number of instructions it has executed; the same seed gives the same numbers.
 *
 * @param passes  none: workloads of the model are run instead of operations, as one pass, and all of one is counted
 */
export function boot({ image, files }: OwnKernel, seed: number, passes: number): Counted {
  const line = `console=ttyS0 quiet nokaslr norandmaps transparent_hugepage=never panic=-1 kmatrix.seed=${seed} kmatrix.passes=${passes}`;
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
