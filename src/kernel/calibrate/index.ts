/** Cost profiles from measurements. */
export { type Calibration, calibrate, type Residual } from './calibrate.ts';
export {
  loadMeasurements,
  type Measurements,
  shippedMeasurements,
} from './measurements.ts';
export { type Payment, payments } from './payments.ts';
export { residualTable } from './residual-table.ts';
