import { describe, expect, it } from 'vitest';
import { toJson } from '../input/index.ts';
import { fixtureResult } from './fixture.test-util.ts';
import { buildReport, checkSchema, measurementSchema, parseReport, reportSchema } from './index.ts';

const report = buildReport(fixtureResult());

/** The report with one change made to its JSON. */
function broken(change: (data: Record<string, unknown>) => void): string {
  const data = JSON.parse(toJson(report));
  change(data);
  return JSON.stringify(data);
}

describe('reading a report back', () => {
  it.each([
    ['{"a":', /^error: r\.json is not JSON: /],
    ['null', /^error: r\.json is not a kmatrix report: the top level must be of type object\n/],
    ['[]', /must be of type object/],
    [
      '{"schemaVersion": 7}',
      /^error: r\.json has schema version 7; this kmatrix reads version 1\n/,
    ],
    [broken((data) => delete data.cells), /the top level lacks "cells"/],
    [broken((data) => Object.assign(data, { extra: 1 })), /: \/extra is not known/],
    [
      broken((data) => Object.assign(data, { axes: ['edition', 3] })),
      /: \/axes\/1 must be of type string/,
    ],
    [
      broken((data) => ((data.cells as { status: string }[])[0]!.status = 'fine')),
      /: \/cells\/0\/status must be one of ok, rejected/,
    ],
  ])('refuses %.40s', (text, message) => {
    expect(() => parseReport(text, 'r.json')).toThrow(message);
  });
});

describe('schemas', () => {
  it('name every key of a measurement', () => {
    const [cell] = fixtureResult().cells;
    expect(checkSchema(measurementSchema, cell?.measurements[0])).toBeUndefined();
  });

  it('say where a nested value is wrong', () => {
    const data = JSON.parse(toJson(report));
    data.surface.functions[0].kernels['v7.0:64BIT=y,SMP=y'].state = 'half';
    expect(checkSchema(reportSchema, data)?.pointer).toMatch(
      /^\/surface\/functions\/0\/kernels\/v7.0:64BIT=y,SMP=y/,
    );
  });
});
