import { evaluate } from '../condition/formula.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { MakeVariables } from './variables.ts';

/** Where it is built, as far as Makefiles ask: what the recorded toolchain has. */
const MACHINE = 'x86_64';
const MACHINE_QUESTION = /^ifeq \(\$\(shell uname -m\),(\w+)\)$/;

/**
 * The files `make ARCH=arch defconfig` begins with, in order; none if the tree has none for it. It is `ARCH_defconfig`,
 * `defconfig`, or else what arch/…/Makefile calls `KBUILD_DEFCONFIG`, which may be made of a file and fragments
 * (`merge_into_defconfig` of scripts/Makefile.defconf).
 */
export function defconfigFiles(tree: SourceTree, arch: string, folder: string): string[] {
  const configs = `arch/${folder}/configs`;
  const own = [`${arch}_defconfig`, 'defconfig'].find((name) => tree.has(`${configs}/${name}`));
  if (own !== undefined) return [`${configs}/${own}`];
  const makefile = `arch/${folder}/Makefile`;
  const text = tree.text(makefile);
  if (text === undefined) return [];
  const given: Readonly<Record<string, string>> = { ARCH: arch, SUBARCH: 'x86', srctree: '.' };
  const variables = new MakeVariables(makefile, {
    // Included ones ask after a compiler, not after a configuration to begin with.
    read: (path) => (path === makefile ? text : undefined),
    holds: (condition, ask) =>
      evaluate(condition, nothing, (question) => {
        const machine = MACHINE_QUESTION.exec(question)?.[1];
        return machine === undefined ? (ask(question) ?? false) : machine === MACHINE;
      }) === true,
    value: (name) => given[name],
  });
  const name = variables.get('KBUILD_DEFCONFIG').trim();
  if (name === '') return [];
  const merged = new RegExp(
    `^${name}:[^\\n]*\\n\\t\\$\\(call merge_into_defconfig\\w*,([\\w.-]+),([\\w. -]+)\\)`,
    'm',
  ).exec(text);
  const files = merged
    ? [merged[1], ...(merged[2] as string).split(/\s+/).map((one) => `${one}.config`)]
    : [name];
  const paths = files.map((one) => `${configs}/${one}`);
  return paths.every((path) => tree.has(path)) ? paths : [];
}

/** Nothing is configured yet. */
function nothing(): undefined {
  return undefined;
}
