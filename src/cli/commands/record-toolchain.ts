import { readSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Arch,
  formatDiagnostic,
  KconfigError,
  kernelEnvironment,
  kernelKconfig,
  recordingShell,
} from 'kconfiglib-js';
import { inputError, toJson } from '../../input/index.ts';
import type { Command, Context } from '../command.ts';
import { exit } from '../io.ts';
import { outOption, writeRemark, writeResult } from '../output.ts';
import { userPath } from '../paths.ts';
import { readingKconfigIn } from '../reading-kconfig.ts';

const ARCHES = ['x86', 'x86_64', 'i386', 'arm64'] as const satisfies readonly Arch[];

/** Tools CROSS_COMPILE stands before, as the kernel's Makefile has it. */
const CROSS_TOOLS = { CC: 'gcc', LD: 'ld', AR: 'ar', NM: 'nm', OBJCOPY: 'objcopy' } as const;

/** Tools the environment can name. */
const TOOLS = [...Object.keys(CROSS_TOOLS), 'PAHOLE', 'RUSTC', 'BINDGEN', 'PYTHON3'];

/** `kmatrix record-toolchain`: ask this machine's compiler what the Kconfig of a tree wants to know. */
export function recordToolchainCommand(confirm: () => boolean = confirmOnTerminal): Command {
  return {
    name: 'record-toolchain',
    usage: '',
    description: [
      'Reads the Kconfig of a kernel source tree and really runs the shell commands in it, about a ' +
        'hundred: they call the compiler, the linker and scripts of the tree. The answers make a ' +
        'toolchain profile, which other commands take with --toolchain.',
      'No other command runs anything of a tree. This one asks first; --yes answers for you, and ' +
        'without a terminal it is needed. Record only trees you trust.',
      'CC, LD and the like, and CROSS_COMPILE, are taken from the environment.',
    ],
    arity: [0, 0],
    options: {
      tree: { type: 'string', value: 'DIR', description: 'The source tree. Default: this folder.' },
      arch: { type: 'string', choices: ARCHES, description: 'Architecture. Default: x86_64.' },
      yes: { type: 'boolean', description: 'Run the commands of the tree without asking.' },
      ...outOption,
    },
    examples: [
      ['kmatrix record-toolchain --tree ~/src/linux --out gcc.json', 'Record this machine.'],
      [
        'CROSS_COMPILE=aarch64-linux-gnu- kmatrix record-toolchain --arch arm64 --yes --out arm.json',
        'Record a cross compiler in the tree you stand in.',
      ],
    ],
    run: async (context) => {
      const { args, io } = context;
      const tree = userPath(args.text('tree') ?? '.', io);
      const arch = ARCHES.find((name) => name === args.text('arch')) ?? 'x86_64';
      checkTree(tree, arch);
      writeRemark(
        io,
        `This runs shell commands and scripts of ${resolve(io.cwd, tree)} on this machine.`,
      );
      if (!args.has('yes')) {
        if (io.stdin.isTTY !== true) {
          throw inputError('usage', 'not confirmed: give --yes where there is no terminal to ask');
        }
        io.stderr.write('Run them? [y/N] ');
        if (!confirm()) {
          writeRemark(io, 'Nothing was run.');
          return exit.no;
        }
      }
      const profile = record(context, tree, arch);
      writeResult(context, toJson(profile));
      writeRemark(io, `${Object.keys(profile.answers).length} answers recorded for ${arch}.`);
      return exit.done;
    },
  };
}

/** What is wrong with the tree is said before anything is asked. */
function checkTree(tree: string, arch: Arch): void {
  try {
    kernelEnvironment({ tree, arch });
  } catch (error) {
    if (!(error instanceof KconfigError)) throw error;
    throw inputError(
      'not-a-tree',
      error.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n'),
    );
  }
}

function record({ io }: Context, tree: string, arch: Arch) {
  const cross = io.env.CROSS_COMPILE;
  const tools: Record<string, string> = {};
  for (const [name, tool] of Object.entries(CROSS_TOOLS)) if (cross) tools[name] = cross + tool;
  for (const name of TOOLS) {
    const given = io.env[name];
    if (given) tools[name] = given;
  }
  const recording = recordingShell({
    name: `${arch} as recorded`,
    description: 'Recorded by kmatrix record-toolchain',
    env: { ...io.env },
  });
  const kconfig = readingKconfigIn(tree, () =>
    kernelKconfig(tree, { arch, shell: recording.shell, env: tools }),
  );
  const profile = recording.profile();
  const version = kconfig.env.get('CC_VERSION_TEXT');
  return { ...profile, ...(version && { description: version }) };
}

/** One line from the terminal. Anything but a yes is a no. */
function confirmOnTerminal(): boolean {
  const buffer = Buffer.alloc(256);
  try {
    const length = readSync(0, buffer, 0, buffer.length, null);
    return /^y(?:es)?\s*$/i.test(buffer.toString('utf8', 0, length));
  } catch {
    return false;
  }
}
