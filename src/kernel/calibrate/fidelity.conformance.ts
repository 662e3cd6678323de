import { expect, test } from 'vitest';
import { loadProfile } from '../timed/index.ts';
import { calibrate, loadMeasurements, residualTable, shippedMeasurements } from './index.ts';
import { prices } from './prices.ts';

test('the profile "instructions" is what its measurements give, and how far off it is', () => {
  const shipped = shippedMeasurements('instructions-6.12');
  if (shipped === undefined) throw new Error('the measurements are not there');
  const measurements = loadMeasurements(shipped.path);
  const { profile, residuals } = calibrate(measurements, loadProfile(shipped.estimates));
  console.log(
    `Instructions of single operations, ${measurements.source}\n\n${residualTable(residuals)}`,
  );
  const ours = loadProfile('instructions');
  for (const price of prices('instruction')) {
    expect(price.get(ours), price.name).toBeCloseTo(price.get(profile), 1);
  }
});
