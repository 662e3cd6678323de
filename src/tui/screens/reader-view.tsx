import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import type { Dialog } from '../dialogs/dialog.ts';
import { dialogLines } from '../dialogs/dialog-view.ts';
import { footerBindings } from '../keys/key-table.ts';
import { rowAt, selectedRow } from '../state/cursor.ts';
import { type State, topOf } from '../state/model.ts';
import type { Row } from '../state/row.ts';
import { nowOf, scopeOf } from '../state/scope.ts';
import { lineText } from '../text/line.ts';
import { crumbsOf, emptyText, statusOf } from './chrome.ts';
import { keyWords } from './key-words.ts';
import type { ScreenWorld } from './module.ts';

/** Rows read out on each side of the selected one: more would have to be listened to on every key. */
const AROUND = 2;

/**
 * The screen as lines to be read out, each said by its role and state: where we are, the tabs, the rows
 * around the selected one, all there is to say about it, the keys. Nothing is drawn.
 */
export function ReaderView({
  state,
  world,
}: {
  readonly state: State;
  readonly world: ScreenWorld;
}): ReactElement {
  const screen = topOf(state);
  const { above } = world.module(screen.kind);
  const status = statusOf(state, world).replace(/ {2,}/g, ', ');
  const sentence = above?.wanted(screen, world) ? above.sentence?.(state, screen, world) : '';
  return (
    <Box flexDirection="column">
      <Text>{`Screen: ${crumbsOf(state, world).join(', then ')}. ${status}`}</Text>
      <TabList state={state} world={world} />
      {sentence && <Text>{sentence}</Text>}
      <Rows state={state} world={world} />
      {selectedRow(state, world)
        ?.detail()
        .map(({ label, text }, index) => ({
          index,
          text: label === '' ? text : `${label}: ${text}`,
        }))
        .map(({ index, text }) => (
          <Text key={index}>{text}</Text>
        ))}
      <Asked state={state} world={world} />
    </Box>
  );
}

interface Props {
  readonly state: State;
  readonly world: ScreenWorld;
}

function TabList({ state, world }: Props): ReactElement | null {
  const screen = topOf(state);
  const { tabs } = world.module(screen.kind);
  if (!tabs) return null;
  const open = tabs.open(state, screen, world);
  return (
    <Box aria-role="tablist" flexDirection="row">
      {tabs.list(state, screen, world).map(({ title, count }, index) => (
        <Box key={title} aria-role="tab" aria-state={{ selected: index === open }}>
          <Text>{`${index + 1} ${title}${count === undefined ? '' : ` ${count}`},`}</Text>
        </Box>
      ))}
    </Box>
  );
}

function Rows({ state, world }: Props): ReactElement {
  const screen = topOf(state);
  const rows = world.rows(state, screen);
  const { cursor } = screen.list;
  if (rows.length === 0) return <Text>{emptyText(state, world)}</Text>;
  const first = Math.max(0, cursor - AROUND);
  const last = Math.min(rows.length - 1, cursor + AROUND);
  const marked = state.marks.length > 0;
  return (
    <Box aria-role="list" flexDirection="column">
      {Array.from({ length: last - first + 1 }, (_, offset) => {
        const row = rowAt(rows, first + offset)!;
        const selected = first + offset === cursor;
        const checked = state.marks.includes(row.key);
        return (
          <Box
            key={row.key}
            aria-role="listitem"
            aria-state={{ selected, ...(marked && { checked }) }}
          >
            <Text>{rowWords(row, state, world, first + offset)}</Text>
          </Box>
        );
      })}
    </Box>
  );
}

/** A row in words: its place, and its own words, or each value behind the title of its column. */
function rowWords(row: Row, state: State, world: ScreenWorld, index: number): string {
  const screen = topOf(state);
  const { columns } = world.table(state, screen);
  const place = `${index + 1} of ${world.rows(state, screen).length}`;
  const texts = row.cells.map(({ text }) => text.trim());
  if (row.heading) return `heading: ${texts.join(' ')}`;
  if (row.span)
    return `${row.spoken?.() ?? texts.filter((text) => text !== '').join(' ')}; ${place}`;
  const words = texts.flatMap((text, column) => {
    const title = columns[column]?.title ?? '';
    return text === '' ? [] : [title === '' ? text : `${title} ${text}`];
  });
  return `${words.join(', ') || 'blank'}; ${place}`;
}

/** What is asked or typed, the remark on the last key, and the keys that work now. */
function Asked({ state, world }: Props): ReactElement {
  const { dialog, typing, notice } = state;
  const bindings = footerBindings(world.keys, scopeOf(state), nowOf(state, world));
  return (
    <Box flexDirection="column">
      {dialog && <DialogWords state={state} world={world} dialog={dialog} />}
      {typing && (
        <Box aria-role="textbox">
          <Text>{`filter ${topOf(state).list.filter}`}</Text>
        </Box>
      )}
      {notice !== null && <Text>{notice}</Text>}
      <Text>{`Keys: ${keyWords(bindings)}`}</Text>
    </Box>
  );
}

/** What is asked, the line being typed, and what there is to choose from. */
function DialogWords({ state, world, dialog }: Props & { readonly dialog: Dialog }): ReactElement {
  const { lines, selected } = dialogLines(state, world, dialog, state.size);
  const words = lines.map((line, index) => ({ index, text: lineText(line).trim() }));
  return (
    <Box flexDirection="column">
      <Text>{`Asked: ${dialog.title}`}</Text>
      {words.slice(1).flatMap(({ index, text }) =>
        text === ''
          ? []
          : [
              <Box key={index} aria-state={{ selected: index === selected }}>
                <Text>{text}</Text>
              </Box>,
            ],
      )}
    </Box>
  );
}
