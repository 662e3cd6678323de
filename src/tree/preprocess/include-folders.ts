import { join } from 'node:path/posix';
import { isMakefile } from '../scan/what-file.ts';
import type { SourceTree } from '../source/source-tree.ts';

/**
 * A variable of flags for all files, with the lines it goes on in: LINUXINCLUDE of the kernel, UBOOTINCLUDE of U-Boot,
 * CPPFLAGS_common of coreboot. Programs that run where the build does are compiled by others.
 */
const VARIABLE =
  /^[ \t]*(?:export[ \t]+|override[ \t]+)*(?!\w*(?:HOST|BUILD_C))\w*(?:INCLUDES?|C(?:PP)?FLAGS\w*|GENFLAGS)[ \t]*[:+?]?=((?:[^\n]*\\\n)*[^\n]*)/gm;

const FOLDER = /-I[ \t]*(?:\$[({](\w+)[)}]\/?)?([\w./-]+)(?=[\s)]|$)/g;

/** `-include $(srctree)/include/linux/kconfig.h`: a header, for lines of make's own begin with the word, too. */
const AHEAD = /[ \t]-include[ \t]+(?:\$[({](\w+)[)}]\/?)?([\w./-]+\.h)(?=\s|$)/gm;

/** What a build makes of the options comes ahead where nothing is said. */
const OPTIONS = ['generated:generated/autoconf.h'];

/** Variables that stand for the top of a tree, with their slash or without. */
const TOP = /^(?:abs_)?(?:srctree|top_srcdir)$/;

/** Where a project wants what a build makes of the options, which kernels have in include/generated. */
const HEADER =
  /^[ \t]*(?:export[ \t]+)?KCONFIG_AUTOHEADER[ \t]*[:?]?=[ \t]*(?:\S*\/)?([\w.-]+)[ \t]*$/m;

interface Told {
  readonly folders: readonly string[];
  readonly ahead: readonly string[];
  readonly options: string | undefined;
}

const known = new WeakMap<SourceTree, Told>();

/** Folders below a tree in which Makefiles at its top look for the headers of all files; those they put together of options are left out. */
export function includeFolders(tree: SourceTree): readonly string[] {
  return toldIn(tree).folders;
}

/**
 * Files that are included ahead of every other one, in order (in kernels USERINCLUDE of the Makefile, and c_flags of
 * scripts/Makefile.lib). Where none of them is found it is what a build makes of the options.
 */
export function includedAhead(tree: SourceTree): readonly string[] {
  return toldIn(tree).ahead;
}

/** The name under which a project includes what a build makes of the options, `config.h` of coreboot; undefined if it says none. */
export function optionsHeader(tree: SourceTree): string | undefined {
  return toldIn(tree).options;
}

function toldIn(tree: SourceTree): Told {
  let told = known.get(tree);
  if (!told) {
    const top = tree.index.files.filter((path) => !path.includes('/') && isMakefile(path));
    const text = top.map((path) => tree.text(path) ?? '').join('\n');
    const placed = placer(text);
    const flags = [...text.matchAll(VARIABLE)].map(([, list = '']) => list).join('\n');
    const folders = placed(flags.matchAll(FOLDER));
    // Kernels have the last of it beside the rules.
    const rules = tree.text('scripts/Makefile.lib') ?? '';
    const named = placed([...flags.matchAll(AHEAD), ...rules.matchAll(AHEAD)]);
    const ahead = [...new Set(named)].filter((path) => tree.has(path));
    told = {
      folders: [...new Set(folders)],
      ahead: ahead.length > 0 ? ahead : OPTIONS,
      options: HEADER.exec(text)?.[1],
    };
    known.set(tree, told);
  }
  return told;
}

/** Gives the paths below the top of a tree that are meant by a variable and what stands behind it. */
function placer(text: string): (found: Iterable<RegExpExecArray>) => string[] {
  const folderOf = (variable: string): string | undefined =>
    TOP.test(variable)
      ? ''
      : new RegExp(`^[ \\t]*${variable}[ \\t]*[:?]?=[ \\t]*([\\w./-]+)[ \\t]*$`, 'm').exec(
          text,
        )?.[1];
  return (found) =>
    [...found].flatMap(([, variable, rest]) => {
      const folder = variable === undefined ? '' : folderOf(variable);
      const path = folder === undefined ? '/' : join(folder, rest as string);
      return /^(?:\/|\.\.)/.test(path) ? [] : [path.replace(/\/$/, '')];
    });
}
