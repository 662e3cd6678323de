import { askConfirm } from '../../dialogs/ask.ts';
import type {
  DoEffect,
  GiveUpEffect,
  LoadEffect,
  RecoverEffect,
  SaveEffect,
} from '../../effects/config.ts';
import type { Answer } from '../../effects/effect.ts';
import {
  type ConfigSession,
  type Format,
  type Outcome,
  refusedValue,
} from '../../sessions/config/index.ts';
import { leave } from '../../state/commands.ts';
import { reselect, selectedKey } from '../../state/cursor.ts';
import { asking, push, type State, topOf } from '../../state/model.ts';
import { count } from '../../text/number.ts';
import { afterEdit } from '../config-symbol/screen.ts';
import type { ScreenWorld } from '../module.ts';
import { topMenu } from './commands.ts';
import { outcomeText } from './message.ts';
import { configScreen } from './screen.ts';

/** The state after an answer: of a dialog, or of whoever did what was asked for. */
export function configAnswer(state: State, { name, value }: Answer, world: ScreenWorld): State {
  const [about = '', session = '', rest = ''] = name.split(' ');
  const text = String(value);
  switch (about) {
    case 'done':
      return done(state, world, value as Done);
    case 'opened': {
      const opened = world.sessions.get<ConfigSession>(text);
      if (!opened) return state;
      const menu = configScreen(text, opened.remember(opened.kconfig.menu));
      return offerEdits(push(state, menu), text, opened);
    }
    case 'saved':
    case 'failed':
    case 'said':
      return { ...state, notice: text };
    case 'saved-leave':
      return leave(state, 0);
    case 'value':
      return asking<DoEffect>(state, {
        kind: 'config:do',
        session,
        op: { do: 'set', name: rest, value: text },
        keep: topMenu(state) ? selectedKey(state, world) : null,
      });
    case 'save':
      return asking<SaveEffect>(state, {
        kind: 'config:save',
        session,
        file: text,
        format: rest as Format,
        leave: false,
      });
    case 'load':
      return asking<LoadEffect>(state, { kind: 'config:load', session, file: text });
    case 'recover':
      if (text === 'later') return state;
      return asking<RecoverEffect>(state, {
        kind: 'config:recover',
        session,
        take: text === 'yes',
      });
    case 'quit':
      return quitAnswer(state, world, session, text);
    default:
      return state;
  }
}

/** Ask whether to take over edits of an earlier run, if there are any; `since` says when they began. */
export function offerEdits(
  state: State,
  session: string,
  { pending }: Pick<ConfigSession, 'pending'>,
  since = 'an earlier run',
): State {
  if (pending.length === 0) return state;
  return askConfirm(state, {
    to: 'config',
    name: `recover ${session}`,
    title: 'Unsaved edits',
    text: `${count(pending.length, 'edit')} of ${since} ${pending.length === 1 ? 'was' : 'were'} not saved. Take over?`,
    options: [
      { value: 'yes', letter: 'y', label: 'yes' },
      { value: 'no', letter: 'n', label: 'no, forget' },
      // What is asked nothing of stays where it is kept.
      { value: 'later', letter: 'l', label: 'ask next time' },
    ],
  });
}

/** What there is against a line being typed. */
export function configCheck({ name, value }: Answer, world: ScreenWorld): string | null {
  const [about, id = '', symbolName = ''] = name.split(' ');
  if (about !== 'value') return String(value).trim() === '' ? 'a name is needed' : null;
  const session = world.sessions.get<ConfigSession>(id);
  const symbol = session?.kconfig.symbols.get(symbolName);
  if (!session || !symbol) return null;
  return refusedValue(session.config, symbol, String(value)) ?? null;
}

/** What the runner says of something done. */
interface Done {
  readonly session: string;
  readonly outcome: Outcome;
  readonly keep: string | null;
}

function done(state: State, world: ScreenWorld, { session, outcome, keep }: Done): State {
  const watched = world.sessions.get<ConfigSession>(session)?.watched;
  const said = { ...state, notice: outcomeText(outcome, world.theme, watched) };
  if (topMenu(state)) return keep === null ? said : reselect(said, world, keep);
  return afterEdit(said, world, topOf(said));
}

function quitAnswer(state: State, world: ScreenWorld, session: string, choice: string): State {
  if (choice === 'leave')
    return leave(asking<GiveUpEffect>(state, { kind: 'config:give-up', session }), 0);
  // They stay in the journal.
  if (choice === 'keep') return leave(state, 0);
  if (choice !== 'save') return state;
  const file = world.sessions.get<ConfigSession>(session)?.file ?? '.config';
  return asking<SaveEffect>(state, {
    kind: 'config:save',
    session,
    file,
    format: 'config',
    leave: true,
  });
}
