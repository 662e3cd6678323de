import { join, resolve } from 'node:path';
import type { Opened } from './opened.ts';
import { createJournal } from './persist/journal.ts';
import { stateHome } from './persist/place.ts';
import { offerEdits } from './screens/config/answers.ts';
import { configScreen } from './screens/config/screen.ts';
import {
  type ConfigParts,
  ConfigSession,
  type KeptEdits,
  keptEdits,
  type Op,
} from './sessions/config/index.ts';

/** Id of the session of the configuration the program was started on. */
const CONFIG_SESSION = 'config';

/** A configuration to browse, and its session. What a crash has left of edits to the same file is offered. */
export function openedConfig(
  parts: ConfigParts,
  env: NodeJS.ProcessEnv,
): Opened & { readonly session: ConfigSession } {
  const { journal, pending, since } = journalOf(parts, env);
  const session = new ConfigSession({ ...parts, ...(journal && { journal }), pending });
  return {
    session,
    first: configScreen(CONFIG_SESSION, session.remember(session.kconfig.menu)),
    sessions: { [CONFIG_SESSION]: session },
    begin: (state) => offerEdits(state, CONFIG_SESSION, session, since),
  };
}

/** Do what would delay the first edit and the first search, whenever there is nothing else to do. */
export async function warmUp(session: ConfigSession, left: AbortSignal): Promise<void> {
  for (const _ of session.warmUp()) {
    await new Promise((done) => setTimeout(done, 20));
    if (left.aborted) return;
  }
}

interface Kept extends Partial<KeptEdits> {
  readonly pending: readonly Op[];
  readonly since: string;
}

function journalOf({ title, file }: ConfigParts, env: NodeJS.ProcessEnv): Kept {
  const home = stateHome(env);
  if (home === null) return { pending: [], since: '' };
  const kept = createJournal(join(home, 'journal'));
  // One file can be edited under several trees, and edits of one mean nothing to another.
  const document = `${resolve(file)} of ${title}`;
  const last = kept.unsaved(document).at(-1);
  return { ...keptEdits(kept, document), since: clockOf(new Date(last?.since ?? 0)) };
}

/** A time as the clock on the wall had it. */
function clockOf(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}
