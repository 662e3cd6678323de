import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../preprocess/shell.ts';
import { answerKey, type ToolchainProfile } from './profile.ts';
import { runShell } from './run-shell.ts';

/** What a recorded profile is to say about itself, and how commands are run. */
export interface RecordingOptions {
  name?: string;
  description?: string;
  /** Environment of the commands, over which that of the tree is laid. Default: that of this process. */
  env?: Record<string, string | undefined>;
  /** Directory commands run in. Default: a temporary one, because probes leave files. */
  cwd?: string;
}

/** Variables of a tree's environment that describe the toolchain. */
const TOOLS =
  /^(?:CC|LD|AR|NM|OBJCOPY|PAHOLE|PAHOLE_VERSION|RUSTC|BINDGEN|PYTHON3|CC_VERSION_TEXT|RUSTC_VERSION_TEXT|CLANG_FLAGS|HOSTCC)$/;

/** A shell that really runs commands with /bin/sh, and remembers the answers. */
export function recordingShell(options: RecordingOptions = {}): {
  shell: Shell;
  profile(): ToolchainProfile;
} {
  const answers = new Map<string, string>();
  const environment: Record<string, string> = {};
  let directory: string | undefined;
  const shell: Shell = (request, context = {}) => {
    for (const [name, value] of Object.entries(context.env ?? {})) {
      if (TOOLS.test(name) && value !== undefined) environment[name] = value;
    }
    if (!options.cwd && !directory) {
      const made = mkdtempSync(join(tmpdir(), 'kconfiglib-js-'));
      directory = made;
      process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    }
    const env = { ...(options.env ?? process.env), ...context.env };
    const cwd = options.cwd ?? (directory as string);
    const answer = runShell(request.command, { env, cwd });
    answers.set(answerKey(request, context), answer);
    return answer;
  };
  return {
    shell,
    profile: () => ({
      schema: 1,
      name: options.name ?? 'recorded',
      description: options.description ?? '',
      environment: { ...environment },
      answers: Object.fromEntries([...answers].sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
  };
}
