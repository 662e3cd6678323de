import { ConfigSession, type Format, keptEdits, type Op } from '../sessions/config/index.ts';
import { count } from '../text/number.ts';
import type { Effect } from './effect.ts';
import type { EffectContext, Runner } from './runner.ts';

/** Something asked of the configuration of a session. */
interface ConfigEffect extends Effect {
  readonly session: string;
}

/** Open the configuration of a cell. */
export interface OpenConfigEffect extends Effect {
  readonly kind: 'config:open';
  readonly cell: string;
}

/** Do something to a configuration. `keep` is the row to stay on. */
export interface DoEffect extends ConfigEffect {
  readonly kind: 'config:do';
  readonly op: Op | { readonly do: 'cycle'; readonly name: string };
  readonly keep: string | null;
}

export interface SaveEffect extends ConfigEffect {
  readonly kind: 'config:save';
  readonly file: string;
  readonly format: Format;
  /** Leave the program once it is saved. */
  readonly leave: boolean;
}

export interface LoadEffect extends ConfigEffect {
  readonly kind: 'config:load';
  readonly file: string;
}

/** Take over the edits of an earlier run, or throw them away. */
export interface RecoverEffect extends ConfigEffect {
  readonly kind: 'config:recover';
  readonly take: boolean;
}

/** Look for what would give a symbol these values. */
export interface PlanEffect extends ConfigEffect {
  readonly kind: 'config:plan';
  readonly name: string;
  readonly wanted: readonly string[];
}

/** Stop looking. */
export interface StopEffect extends ConfigEffect {
  readonly kind: 'config:stop';
}

/** Give up the edits: there is nothing to offer at the next start. */
export interface GiveUpEffect extends ConfigEffect {
  readonly kind: 'config:give-up';
}

/** Answers to the configuration browser, by name. */
const tell = (context: EffectContext, name: string, value: unknown): void =>
  context.dispatch({ type: 'answer', answer: { to: 'config', name, value } });

const held = ({ sessions }: EffectContext, { session }: ConfigEffect): ConfigSession | undefined =>
  sessions.get<ConfigSession>(session);

const openRunner: Runner<OpenConfigEffect> = {
  kind: 'config:open',
  run: async ({ cell }, context) => {
    const { sessions, services } = context;
    const id = `config:${encodeURIComponent(cell)}`;
    // What was edited before is found again as it was left.
    if (!sessions.get(id)) {
      try {
        const parts = await services.cellConfig?.(cell);
        if (!parts) return;
        const { journal } = services;
        const document = `${parts.file} of the cell ${cell}`;
        sessions.put(
          id,
          new ConfigSession({ ...parts, ...(journal && keptEdits(journal, document)) }),
        );
      } catch (error) {
        tell(context, 'failed', (error as Error).message);
        return;
      }
    }
    tell(context, 'opened', id);
  },
};

const doRunner: Runner<DoEffect> = {
  kind: 'config:do',
  run: (effect, context) => {
    const session = held(context, effect);
    if (!session) return;
    const { op, keep } = effect;
    const outcome = op.do === 'cycle' ? session.cycle(op.name) : session.do(op);
    context.sessions.changed(effect.session);
    tell(context, 'done', { session: effect.session, outcome, keep });
  },
};

const saveRunner: Runner<SaveEffect> = {
  kind: 'config:save',
  run: (effect, context) => {
    const { file, format, leave } = effect;
    const session = held(context, effect);
    if (!session) return;
    try {
      session.save(file, format);
    } catch (error) {
      tell(context, 'failed', `Not saved: ${(error as Error).message}`);
      return;
    }
    context.sessions.changed(effect.session);
    tell(context, leave ? 'saved-leave' : 'saved', `Saved ${file}`);
  },
};

const loadRunner: Runner<LoadEffect> = {
  kind: 'config:load',
  run: (effect, context) => {
    const { file } = effect;
    const session = held(context, effect);
    if (!session) return;
    try {
      const text = session.files.read(file);
      if (text === undefined) tell(context, 'failed', `There is no file ${file}`);
      else {
        const outcome = session.do({ do: 'load', file, text });
        context.sessions.changed(effect.session);
        tell(context, 'done', { session: effect.session, outcome, keep: null });
      }
    } catch (error) {
      tell(context, 'failed', `Not loaded: ${(error as Error).message}`);
    }
  },
};

const recoverRunner: Runner<RecoverEffect> = {
  kind: 'config:recover',
  run: (effect, context) => {
    const session = held(context, effect);
    if (!session) return;
    const taken = session.recover(effect.take);
    context.sessions.changed(effect.session);
    if (effect.take)
      tell(context, 'said', `Took over ${count(taken, 'edit')}; u undoes them one by one`);
  },
};

const planRunner: Runner<PlanEffect> = {
  kind: 'config:plan',
  run: async (effect, context) => {
    const session = held(context, effect);
    session?.watched.add(effect.name);
    for (const wanted of effect.wanted) {
      if (!session || context.ended.aborted) return;
      for (const _ of session.plans.search(effect.name, wanted)) {
        // Keys come before the next slice.
        await new Promise((resolve) => setImmediate(resolve));
        if (context.ended.aborted) return;
      }
      context.sessions.changed(effect.session);
    }
  },
};

const stopRunner: Runner<StopEffect> = {
  kind: 'config:stop',
  run: (effect, context) => {
    held(context, effect)?.plans.stop();
    context.sessions.changed(effect.session);
  },
};

const giveUpRunner: Runner<GiveUpEffect> = {
  kind: 'config:give-up',
  run: (effect, context) => held(context, effect)?.giveUp(),
};

/** Who does what configurations are asked. */
export const CONFIG_RUNNERS: readonly Runner[] = [
  openRunner,
  doRunner,
  saveRunner,
  loadRunner,
  recoverRunner,
  planRunner,
  stopRunner,
  giveUpRunner,
];
