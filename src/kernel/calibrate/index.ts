/** Cost profiles from measurements. */
export { type Calibration, calibrate, type Residual } from './calibrate.ts';
export {
  loadMeasurements,
  type Measurements,
  shippedMeasurements,
} from './measurements.ts';
export { residualTable } from './residual-table.ts';
