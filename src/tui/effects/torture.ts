import { TORTURE_SESSION, type TortureChoice, TortureSession } from '../sessions/torture.ts';
import type { Effect } from './effect.ts';
import type { EffectContext, Runner } from './runner.ts';

/** Something to be done about a choice: see what is kept of it, run what is left, or stop. */
export interface TortureEffect extends Effect {
  readonly choice: TortureChoice;
}

function sessionIn({ sessions, services }: EffectContext): TortureSession | undefined {
  const held = sessions.get<TortureSession>(TORTURE_SESSION);
  if (held || !services.torture) return held;
  const made = new TortureSession(services.torture);
  sessions.put(TORTURE_SESSION, made);
  return made;
}

export const tortureLookRunner: Runner<TortureEffect> = {
  kind: 'torture:look',
  run: ({ choice }, context) => {
    sessionIn(context)?.look(choice);
    context.sessions.changed(TORTURE_SESSION);
  },
};

export const tortureRunRunner: Runner<TortureEffect> = {
  kind: 'torture:run',
  run: ({ choice }, context) =>
    sessionIn(context)?.run(choice, context.ended, () => context.sessions.changed(TORTURE_SESSION)),
};

export const tortureStopRunner: Runner<TortureEffect> = {
  kind: 'torture:stop',
  run: ({ choice }, context) => sessionIn(context)?.stop(choice),
};
