import { ADVERSARIES, editions, type Lookup } from '../../../kernel/index.ts';
import type { TortureEffect } from '../../effects/torture.ts';
import { binsOf } from '../../sessions/tally.ts';
import { TORTURE_SESSION, type TortureSession, type Variant } from '../../sessions/torture.ts';
import { back } from '../../state/commands.ts';
import { selectedKey } from '../../state/cursor.ts';
import { asking, replaceTop, type State } from '../../state/model.ts';
import { clamp } from '../../state/window.ts';
import { short } from '../../text/number.ts';
import type { ScreenModule, ScreenWorld } from '../module.ts';
import { barLines } from './bars.ts';
import { tortureTable } from './rows.ts';
import { choiceOf, LOOKUP_LEVELS, type TortureScreen } from './screen.ts';

/** Lines of the distribution with its title. */
const BAR_LINES = { least: 4, most: 14 };

/** Room for a title and the bars of the variant that has the most: going from one to another moves nothing. */
function barRoom(screen: TortureScreen, world: ScreenWorld): number {
  const bars = variantsOf(screen, world).map(({ pieces }) => binsOf(pieces, screen.counted).length);
  return clamp(1 + Math.max(0, ...bars), BAR_LINES.least, BAR_LINES.most);
}

/** The torture test: distributions that grow as they are counted. */
export const tortureModule: ScreenModule<TortureScreen> = {
  kind: 'torture',
  crumb: (screen) => {
    const { edition, adversary, scheduler, lookups } = choiceOf(screen);
    const hostile = scheduler === 'hostile' ? ', hostile scheduler' : '';
    return `torture: ${short(lookups)} lookups of ${edition} against ${adversary}${hostile}`;
  },
  count: (_state, screen, world) => {
    const session = sessionOf(world);
    if (!session) return 'not run';
    const { done, total } = session.progress(choiceOf(screen));
    if (session.running(choiceOf(screen))) return `running, ${done} of ${total} pieces`;
    const variants = variantsOf(screen, world);
    const kept = variants.reduce((sum, { pieces }) => sum + pieces.length, 0);
    return kept === 0 ? 'not run' : `${kept} pieces counted`;
  },
  tableKey: (_state, screen, world) =>
    JSON.stringify([choiceOf(screen), screen.counted, sessionOf(world)?.version]),
  table: (_state, screen, world) =>
    tortureTable(
      variantsOf(screen, world),
      screen.counted,
      sessionOf(world)?.running(choiceOf(screen)) ?? false,
      world.theme.glyphs,
    ),
  above: {
    wanted: (screen, world) => ({ least: BAR_LINES.least, most: barRoom(screen, world) }),
    lines: (state, screen, world, size) => {
      const lookup = selectedKey(state, world) as Lookup | null;
      const variant = variantsOf(screen, world).find(({ result }) => result.cell.lookup === lookup);
      const what = screen.counted === 'retries' ? 'retries of a lookup' : 'time of a lookup';
      const bins = binsOf(variant?.pieces ?? [], screen.counted);
      return barLines(`${lookup ?? ''}: ${what}`, bins, screen.counted, size, world.theme.glyphs);
    },
  },
  detailLines: 7,
  bindings: [
    {
      command: 'torture:run',
      keys: ['r'],
      label: 'run',
      help: 'run what is left of all variants; what was kept is not run again',
      group: 'Run and save',
      footer: 1,
      when: ({ screen, world }) => sessionOf(world)?.running(choiceOf(screen)) !== true,
    },
    {
      command: 'back',
      keys: ['escape', 'left', 'h'],
      label: 'stop/back',
      help: 'stop the run and keep what is counted; leave this screen',
      group: 'Open and leave',
      footer: 2,
    },
    {
      command: 'torture:adversary',
      keys: ['a'],
      label: 'adversary',
      help: `what the writers do: ${ADVERSARIES.join(', ')}`,
      group: 'Change',
      footer: 3,
    },
    {
      command: 'torture:edition',
      keys: ['E'],
      label: 'edition',
      help: 'the next edition of the kernel',
      group: 'Change',
      footer: 4,
    },
    {
      command: 'torture:scheduler',
      keys: ['s'],
      label: 'scheduler',
      help: 'a fair scheduler, or one whose tries begin under a write lock',
      group: 'Change',
      footer: 5,
    },
    {
      command: 'torture:more',
      keys: ['+'],
      label: 'more',
      help: 'more lookups of each variant: rarer events, tighter bounds',
      group: 'Change',
      footer: 6,
    },
    {
      command: 'torture:less',
      keys: ['-'],
      label: 'fewer',
      help: 'fewer lookups of each variant',
      group: 'Change',
    },
    {
      command: 'torture:counted',
      keys: ['m'],
      label: 'retries/time',
      help: 'count retries, or the time a lookup takes',
      group: 'Find and sort',
      footer: 7,
    },
  ],
  commands: {
    'torture:run': (state, _world, screen) => ask(state, screen, 'torture:run'),
    back: (state, world, screen) =>
      sessionOf(world)?.running(choiceOf(screen))
        ? { ...ask(state, screen, 'torture:stop'), notice: 'Stopped; what is counted is kept.' }
        : back(state, world),
    'torture:adversary': (state, _world, screen) =>
      choose(state, { ...screen, adversary: (screen.adversary + 1) % ADVERSARIES.length }),
    'torture:edition': (state, _world, screen) => {
      const names = editions.map(({ name }) => name);
      const next = names[(names.indexOf(screen.edition) + 1) % names.length] as string;
      return choose(state, { ...screen, edition: next });
    },
    'torture:scheduler': (state, _world, screen) =>
      choose(state, { ...screen, hostile: !screen.hostile }),
    'torture:more': (state, _world, screen) => toLevel(state, screen, screen.level + 1),
    'torture:less': (state, _world, screen) => toLevel(state, screen, screen.level - 1),
    'torture:counted': (state, _world, screen) =>
      replaceTop(state, {
        ...screen,
        counted: screen.counted === 'retries' ? 'time' : 'retries',
      } as TortureScreen),
  },
};

function sessionOf({ sessions }: ScreenWorld): TortureSession | undefined {
  return sessions.get<TortureSession>(TORTURE_SESSION);
}

function variantsOf(screen: TortureScreen, world: ScreenWorld): readonly Variant[] {
  return sessionOf(world)?.variants(choiceOf(screen)) ?? [];
}

function ask(state: State, screen: TortureScreen, kind: string): State {
  return asking<TortureEffect>(state, { kind, choice: choiceOf(screen) });
}

/** Another choice: what is kept of it is looked for. */
function choose(state: State, screen: TortureScreen): State {
  return ask(replaceTop(state, screen), screen, 'torture:look');
}

function toLevel(state: State, screen: TortureScreen, level: number): State {
  if (level < 0 || level >= LOOKUP_LEVELS.length) {
    return { ...state, notice: level < 0 ? 'There are no fewer.' : 'There are no more.' };
  }
  return choose(state, { ...screen, level });
}
