import type { Report, ReportCell } from '../model.ts';
import type { SarifPlace } from './sarif.ts';

/** Where a matrix file asks for a cell: for one of its options, else for its edition. */
export function placeOfCell(
  { matrixFile }: Pick<Report, 'matrixFile'>,
  cell: ReportCell | undefined,
  option = 'edition',
): SarifPlace {
  const { [option]: place, edition } = cell?.places ?? {};
  return { file: matrixFile, ...(place ?? edition) };
}

const IN_KCONFIG = /\(([^()\s]+):(\d+)\)/;

/** The place of a Kconfig file that a reason names. */
export function placeInReason(text: string): SarifPlace | undefined {
  const [, file, line] = IN_KCONFIG.exec(text) ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}
