/** Whether the terminal UI can run, and if not, why. */
export type TerminalCheck = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Whether there is a terminal on both sides that can position text. Ask before {@link runTui}. */
export function terminalCheck(
  env: NodeJS.ProcessEnv,
  stdin: { readonly isTTY?: boolean },
  stdout: { readonly isTTY?: boolean },
): TerminalCheck {
  if (!stdout.isTTY) return { ok: false, reason: 'output is not a terminal' };
  if (!stdin.isTTY) return { ok: false, reason: 'input is not a terminal' };
  if (env.TERM === 'dumb') return { ok: false, reason: 'TERM=dumb cannot position text' };
  return { ok: true };
}
