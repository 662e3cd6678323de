import { byte, D, UNDERSCORE } from '../../wasm/bytes';
import { IN_SOURCE, LOUD, OF_NAME } from '../hit-layout';
import { classOf } from './bytes';
import { find, PREFIX_LENGTH } from './find';
import { add } from './table';

/** So many bytes before a mention tell whether it stands alone. */
const BEFORE = 2;

/** See `pieceHits` in ../hits.ts: where the next piece has to begin. */
export function piece(from: usize, to: usize, base: i32, last: bool): usize {
  for (let at = find(from, to); at !== 0; ) {
    const start = at + PREFIX_LENGTH;
    let end = start;
    let loud = 0;
    for (; end < to; end++) {
      const kind = classOf(byte(end));
      if ((kind & OF_NAME) === 0) break;
      if ((kind & LOUD) !== 0) loud++;
    }
    if (end === to && !last) return max(from, at - BEFORE);
    if (loud >= 2 && byte(end - 1) !== UNDERSCORE && stands(from, at)) {
      add(start, end, base + ((start - from) as i32), IN_SOURCE);
    }
    at = find(end, to);
  }
  return max(from, to - PREFIX_LENGTH + 1 - BEFORE);
}

function isWord(at: usize): bool {
  return (classOf(byte(at)) & OF_NAME) !== 0;
}

function stands(from: usize, at: usize): bool {
  if (at === from || !isWord(at - 1)) return true;
  return byte(at - 1) === D && (at === from + 1 || !isWord(at - 2));
}
