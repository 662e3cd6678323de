import { byte, NEWLINE } from '../../wasm/bytes';
import { FILE, KEPT_FROM, KEPT_TO, LINES, OFFSETS } from '../thin-layout';
import { newlines } from './find';

/** What is looked at before a mention (../../refs/c-references.ts), and a little more. */
const BEFORE = 64;

/**
 * Write down the lines of mentions, whose offsets are sorted, and the areas that are kept around them: whole lines. The
 * result is how many areas there are.
 */
export function findAreas(spots: i32, end: usize): i32 {
  let areas: i32 = 0;
  let line: i32 = 1;
  let counted: usize = FILE;
  for (let i: i32 = 0; i < spots; i++) {
    const spot = (load<i32>(OFFSETS + (i << 2)) + FILE) as usize;
    store<i32>(OFFSETS + (i << 2), spot as i32);
    line += newlines(counted, spot);
    counted = spot;
    store<i32>(LINES + (i << 2), line);
    const before = KEPT_TO + ((areas - 1) << 2);
    // In a line that is kept: one may be as long as the file, and have thousands of mentions.
    if (areas > 0 && (load<i32>(before) as usize) > spot) continue;
    const from = lineStart(max(spot - BEFORE, FILE as usize));
    const to = behindLine(spot, end);
    if (areas > 0 && (load<i32>(before) as usize) >= from) store<i32>(before, to as i32);
    else {
      store<i32>(KEPT_FROM + (areas << 2), from as i32);
      store<i32>(KEPT_TO + (areas << 2), to as i32);
      areas++;
    }
  }
  return areas;
}

function lineStart(from: usize): usize {
  let at = from;
  while (at > (FILE as usize) && byte(at - 1) !== NEWLINE) at--;
  return at;
}

function behindLine(from: usize, end: usize): usize {
  for (let at = from; at < end; at++) if (byte(at) === NEWLINE) return at + 1;
  return end;
}
