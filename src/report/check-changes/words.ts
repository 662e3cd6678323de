import type { ApiCell, CheckedFile } from '../../tree/index.ts';
import { brokenCells } from '../check/model.ts';
import { cellWord } from '../check/text.ts';
import { count } from '../words.ts';
import {
  type ApiChange,
  type ApiPair,
  type ChangedCheckCell,
  type CheckChanges,
  type FileChange,
  isOnBoth,
  isOther,
  type Side,
} from './model.ts';

/** How an API stands before and after, in words; a word alone where that is the same. */
export function pairWord(pair: ApiPair, cell: ChangedCheckCell): string {
  const [was, is] = [sideWord(pair.before, cell.before), sideWord(pair.after, cell.after)];
  if (was !== is) return `${was} → ${is}`;
  return isOther(pair) ? `${is} (other)` : is;
}

/** `-` where the file does not take the API, `rejected` where there is no such configuration. */
function sideWord(cell: ApiCell | null, rejected: string | null): string {
  // That a signature differs between configurations of one side is no change.
  return cell ? cellWord({ ...cell, changed: false }) : rejected === null ? '-' : 'rejected';
}

/** What a check of a file comes to on both sides. */
export function changesHeadline(file: FileChange, { cells }: CheckChanges): string {
  const apis = new Set(
    [file.before, file.after].flatMap((one) => one?.apis ?? []).map((api) => api.name),
  ).size;
  const [was, is] = [verdict(file.before), verdict(file.after)];
  const both = was === is ? `${is}, before and after` : `${is}; before: ${was}`;
  return `${count(apis, 'API')}, ${count(cells.length, 'configuration')}: ${both}`;
}

function verdict(file: CheckedFile | null): string {
  if (!file) return 'not there';
  const broken = brokenCells(file);
  if (broken > 0) return `breaks in ${broken}`;
  return `works in all of them${file.unread.length > 0 ? ', as far as it could be read' : ''}`;
}

/** What the states of an API do not tell: another signature, or another stub; each once, with the numbers of its configurations, from 1. */
export function otherTexts(
  { name, cells }: ApiChange,
  all: readonly ChangedCheckCell[],
): { readonly text: string; readonly cells: readonly number[] }[] {
  const found = new Map<string, number[]>();
  for (const [i, { before, after }] of cells.entries()) {
    if (!before || !after || !isOnBoth(all[i] as ChangedCheckCell)) continue;
    for (const key of ['signature', 'stub'] as const) {
      const [was, is] = [before[key], after[key]];
      if (was === is || was === null || is === null) continue;
      const [left, right] = key === 'stub' ? [`{ ${was} }`, `{ ${is} }`] : [was, is];
      const text = `${name}: ${left} → ${right}`;
      found.set(text, [...(found.get(text) ?? []), i + 1]);
    }
  }
  return [...found].map(([text, at]) => ({ text, cells: at }));
}

/** Why a configuration is not compared; undefined where it is. */
export function whyNotCompared({ before, after }: ChangedCheckCell): string | undefined {
  if (before !== null && before === after) return before;
  const said = (side: Side, why: string | null): string[] =>
    why === null ? [] : [`${side}: ${why}`];
  const both = [...said('before', before), ...said('after', after)];
  return both.length === 0 ? undefined : both.join('; ');
}
