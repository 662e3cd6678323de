/** At most this many bytes of an answer are kept, as in `conf`. */
const ANSWER_BYTES = 4095;

/** How a command is run. */
export interface RunOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Receives what the command writes to standard error. Default: passed through. */
  stderr?: (text: string) => void;
}

/**
 * Run a command with /bin/sh and return its standard output as `conf` sees it: trailing newlines cut, inner ones turned
 * into spaces. The exit status does not matter.
 */
export function runShell(command: string, options: RunOptions = {}): string {
  // Loaded when needed: most runs have their answers from a cache, and this module is a large part of their start.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const result = spawnSync('/bin/sh', ['-c', command], {
    stdio: ['inherit', 'pipe', options.stderr ? 'pipe' : 'inherit'],
    // As popen calls it: what the shell complains of begins with its name.
    argv0: 'sh',
    env: options.env ?? process.env,
    cwd: options.cwd,
    maxBuffer: 1 << 30,
  });
  if (options.stderr && result.stderr?.length) options.stderr(result.stderr.toString());
  return cleanAnswer(result.stdout ?? Buffer.alloc(0));
}

/** What is kept of a command's output. */
export function cleanAnswer(output: Buffer): string {
  let text = output.subarray(0, ANSWER_BYTES).toString();
  const nul = text.indexOf('\0');
  if (nul >= 0) text = text.slice(0, nul);
  return text.replace(/\n+$/, '').replaceAll('\n', ' ');
}
