import type { WalkStep } from '../../sessions/trace-walk.ts';
import { type Line, type Segment, seg } from '../../text/line.ts';
import type { Glyphs } from '../../theme.ts';
import { threadTone } from './rows.ts';

/** The whole trace at a glance: a lane for each thread, its steps along it, and where one stands. */
export function laneLines(
  threads: readonly string[],
  walk: readonly WalkStep[],
  present: number,
  width: number,
  glyphs: Glyphs,
): Line[] {
  const label = Math.max(...threads.map((name) => name.length), 4) + 2;
  const begins = walk.findIndex((step) => step.begins);
  const end = begins >= 0 ? ' for ever' : '';
  const columns = Math.max(1, Math.min(walk.length, width - label - 2 - end.length));
  const columnOf = (i: number) => Math.floor((i * columns) / Math.max(1, walk.length));
  const lanes = threads.map((name, thread): Line => {
    const tone = threadTone(thread);
    const marks = Array.from({ length: columns }, () => glyphs.lane.empty);
    walk.forEach(({ step }, i) => {
      if (step.thread === thread) marks[columnOf(i)] = glyphs.lane.step;
    });
    const here = walk[present]?.step.thread === thread ? columnOf(present) : -1;
    return [seg(` ${name.padEnd(label)}`, tone), ...markSegments(marks, here, tone, glyphs)];
  });
  const ruler = Array.from({ length: columns }, (_, i) =>
    begins >= 0 && i >= columnOf(begins) ? glyphs.lane.loop : ' ',
  );
  ruler[columnOf(present)] = glyphs.up;
  return [...lanes, [seg(' '.repeat(label + 1)), seg(ruler.join('') + end, 'warn')]];
}

/** The lane in runs of one tone; the present step stands out. */
function markSegments(
  marks: readonly string[],
  here: number,
  tone: Segment['tone'] & string,
  { lane }: Glyphs,
): Segment[] {
  const out: Segment[] = [];
  marks.forEach((mark, i) => {
    const look = i === here ? 'strong' : mark === lane.empty ? 'muted' : tone;
    const text = i === here ? lane.present : mark;
    const last = out.at(-1);
    if (last?.tone === look) out[out.length - 1] = { text: last.text + text, tone: look };
    else out.push(seg(text, look));
  });
  return out;
}
