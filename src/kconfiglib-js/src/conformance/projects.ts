import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect } from '../parse/features.ts';
import { kernelEnvironment } from '../toolchain/kernel.ts';
import type { SourcePackage } from './sources.ts';

/** A project with a `conf` of its own, and how that is called. */
export interface Project {
  name: string;
  source: SourcePackage;
  /** Folder of the sources the tree begins in. Default: all of it. */
  root?: string;
  /** Folder of `conf` below the root. */
  conf: string;
  defines?: readonly string[];
  dialect: Dialect;
  top: string;
  env: (tree: string) => Record<string, string>;
  /** Names of configurations the project ships, below the root. */
  configs: RegExp;
  /** At most so many of these, evenly spread. Default: all. */
  most?: number;
  /** The tree is to be around: its files are not looked for elsewhere. */
  links?: boolean;
  /** Its `conf` has letters for options, and of all modes only these. */
  letters?: Record<string, string>;
  /** Lines of this form in these files are not compared: the project changed how they are written. */
  ignore?: Partial<Record<'.config' | 'defconfig', RegExp>>;
  /** Makes what the project's own Makefile would make before. */
  prepare?: (tree: string) => void;
}

const LINUX = ['Kconfig*', 'scripts/*', '*/configs/*', '*/Makefile'];

/** What the Makefile of coreboot says to `conf`: patterns, and files that need not be there. */
const COREBOOT = {
  KERNELVERSION: '1',
  obj: 'build',
  KCONFIG_AUTOHEADER: 'made/config.h',
  KCONFIG_AUTOCONFIG: 'made/auto.conf',
  KCONFIG_DEPENDENCIES: 'made/auto.conf.cmd',
  KCONFIG_SPLITCONFIG: 'made/config/',
  KCONFIG_TRISTATE: 'made/tristate.conf',
  KCONFIG_NEGATIVES: '1',
  KCONF_OPTIONAL_SOURCES: '1',
};

function linux(name: string, version: RegExp | string, dialect: Dialect): Project {
  const old = typeof version === 'string';
  return {
    name,
    source: old ? { package: version, parts: LINUX } : { package: 'linux', version, parts: LINUX },
    conf: 'scripts/kconfig',
    dialect,
    top: 'Kconfig',
    env: (tree) => kernelEnvironment({ tree, arch: 'x86_64' }),
    configs: /^arch\/(x86|arm64|riscv)\/configs\/\w*defconfig$/,
  };
}

const ESCAPED = /\\|_AUTOBOOT_(PROMPT|STOP_STR)=|_IDENT_STRING=|_SYS_PROMPT=/;

function uboot(name: string, version: RegExp): Project {
  return {
    name,
    source: { package: 'u-boot', version, parts: ['Kconfig*', 'scripts/*', 'configs/*'] },
    conf: 'scripts/kconfig',
    dialect: '5.6',
    top: 'Kconfig',
    env: () => ({
      UBOOTVERSION: '1',
      KERNELVERSION: '1',
      CC: 'gcc',
      LD: 'ld',
      CC_VERSION_TEXT: '',
    }),
    configs: /^configs\/\w+_defconfig$/,
    most: 150,
    // Texts are written and read without escapes.
    ignore: { '.config': ESCAPED, defconfig: ESCAPED },
  };
}

function coreboot(name: string, version: RegExp, dialect: Dialect): Project {
  return {
    name,
    source: { package: 'coreboot', version },
    conf: 'util/kconfig',
    dialect,
    top: 'src/Kconfig',
    env: () => COREBOOT,
    configs: /^configs\/config\./,
    // savedefconfig writes all numbers but 0.
    ignore: { defconfig: /=(-?[0-9]+|(0x)?[0-9a-fA-F]+)$/ },
    links: true,
  };
}

const LETTERS = {
  '--allnoconfig': '-n',
  '--allyesconfig': '-y',
  '--alldefconfig': '-A',
  '--olddefconfig': '-d',
  '--savedefconfig=defconfig': '-S defconfig',
};

/** Projects in Debian that have a `conf`, from 2.6.15 to the newest. */
export const PROJECTS: readonly Project[] = [
  linux('linux-7.1', /^7\.[12]\./, '7.1'),
  linux('linux-7.3', /^7\.([3-9]|[0-9]{2,})\./, '7.3'),
  linux('linux-5.10', /^5\.10\./, '6.7'),
  linux('linux-6.1', /^6\.1\.[0-9]+-1$/, '6.7'),
  uboot('u-boot-2023', /^2023/),
  uboot('u-boot-2025', /^2025/),
  coreboot('coreboot-4', /^4/, '6.7'),
  coreboot('coreboot-25', /^25/, 'superset'),
  {
    name: 'xen',
    source: { package: 'xen', version: /^4\.17/ },
    root: 'xen',
    conf: 'tools/kconfig',
    dialect: '5.6',
    top: 'Kconfig',
    env: () => ({
      ARCH: 'x86_64',
      SRCARCH: 'x86',
      CC: 'gcc',
      LD: 'ld',
      OBJCOPY: 'objcopy',
      HOSTCC: 'gcc',
      PYTHON: 'python3',
      XEN_FULLVERSION: '4',
    }),
    configs: /^arch\/x86\/configs\//,
  },
  {
    name: 'seabios',
    source: { package: 'seabios' },
    conf: 'scripts/kconfig',
    dialect: '4.17',
    top: 'src/Kconfig',
    env: () => ({ VERSION: '1' }),
    configs: /^none/,
  },
  {
    name: 'uclibc',
    source: { package: 'uclibc' },
    conf: 'extra/config',
    dialect: '4.17',
    top: 'extra/Configs/Config.in',
    env: () => ({ ARCH: 'x86_64', VERSION: '1' }),
    configs: /^extra\/Configs\/defconfigs\//,
    links: true,
    letters: LETTERS,
  },
  {
    name: 'busybox',
    source: { package: 'busybox' },
    conf: 'scripts/kconfig',
    dialect: '4.17',
    top: 'Config.in',
    env: () => ({ KERNELVERSION: '1' }),
    configs: /^configs\/\w+_defconfig$/,
    links: true,
    // Every symbol is written, and what is not available is n or empty.
    ignore: { '.config': / is not set$|=""$|=0$/ },
    letters: { '--allnoconfig': '-n', '--allyesconfig': '-y' },
    prepare: (tree) => {
      execFileSync('sh', ['scripts/gen_build_files.sh', '.', '.'], { cwd: tree, stdio: 'ignore' });
      writeFileSync(join(tree, '.platform.in'), '');
    },
  },
  {
    name: 'swupdate',
    source: { package: 'swupdate' },
    conf: 'scripts/kconfig',
    dialect: '4.17',
    top: 'Kconfig',
    // The Makefile sets what it finds; some of it is left out here.
    env: () => ({
      KERNELVERSION: '1',
      HAVE_LINUX: 'y',
      HAVE_LUA: 'y',
      HAVE_LIBCURL: 'y',
      HAVE_URIPARSER: 'n',
    }),
    configs: /^configs\/\w+_defconfig$/,
  },
  {
    name: 'toybox',
    source: { package: 'toybox' },
    conf: 'kconfig',
    defines: ['-DPROJECT_NAME="ToyBox"'],
    dialect: '4.17',
    top: 'Config.in',
    env: () => ({ KERNELVERSION: '1' }),
    configs: /^none/,
    links: true,
    ignore: { '.config': / is not set$/ },
    letters: { '--allnoconfig': '-n', '--allyesconfig': '-y' },
    prepare: (tree) => {
      mkdirSync(join(tree, 'generated'), { recursive: true });
      for (const name of ['Config.probed', 'Config.in'])
        writeFileSync(join(tree, 'generated', name), '');
    },
  },
];
