import type { RunSession } from '../../sessions/run/run-session.ts';
import { type Line, seg } from '../../text/line.ts';
import { count } from '../../text/number.ts';
import type { Theme } from '../../theme.ts';
import { bar } from '../../widgets/bar.ts';

const BAR = 20;

/** From this width on there is room to say what stopping means. */
const KEEPS_FROM = 105;

/** What is being done with the matrix: how far, how fast, how long yet; or what can be done. */
export function runLine(session: RunSession, theme: Theme, width: number): Line {
  const { activity, done, total, pace } = session.progress();
  if (activity === 'idle') return idleLine(session);
  const what = activity === 'running' ? 'cells' : 'questions';
  const unit = activity === 'running' ? 'runs' : what;
  const rate = pace.rate > 0 ? `, ${pace.rate.toFixed(1)} ${unit}/s` : '';
  const left = pace.secondsLeft === null ? '' : `, ${Math.ceil(pace.secondsLeft)} s left`;
  return [
    seg(` ${bar(session.share(), BAR, theme.glyphs)} `, 'accent'),
    seg(` ${done} of ${total} ${what}${rate}${left}`),
    session.stopping
      ? seg('   stopping', 'warn')
      : seg(
          activity === 'running' && width >= KEEPS_FROM
            ? '   Esc stops and keeps what is done'
            : '   Esc stops',
          'muted',
        ),
  ];
}

function idleLine(session: RunSession): Line {
  if (session.problem !== null) return [seg(` ${session.problem}`, 'bad')];
  const open = session.cells().filter(({ state }) => state === 'unfinished').length;
  if (open > 0) {
    return [
      seg(` Stopped: ${count(open, 'cell')} not finished.`, 'warn'),
      seg(' r goes on', 'muted'),
    ];
  }
  const asks =
    session.canVerify && session.report.verification.length === 0
      ? ', v asks the model checker'
      : '';
  return [seg(` All cells are done. r runs what has changed since${asks}`, 'muted')];
}
