import type { OpenConfigEffect } from '../../effects/config.ts';
import type { Binding } from '../../keys/binding.ts';
import { selectedKey } from '../../state/cursor.ts';
import { asking } from '../../state/model.ts';
import type { Step } from '../module.ts';

/** The key that opens the configuration of a cell, for screens that list cells. */
export const CELL_CONFIG_BINDING: Binding = {
  command: 'cell-config',
  keys: ['c'],
  label: 'config',
  help: 'browse, edit and save the configuration of the cell',
  group: 'Open and leave',
  when: ({ world }) => world.services.cellConfig !== undefined,
};

/** Open the configuration of the selected cell. */
export const openCellConfig: Step = (state, world) => {
  const cell = selectedKey(state, world);
  if (cell === null || world.services.cellConfig === undefined) return state;
  return asking<OpenConfigEffect>(state, { kind: 'config:open', cell });
};
