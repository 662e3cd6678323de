/** What was measured of a real kernel, to fit a cost profile to. */
import { inputError, packagePath, parseYaml, readText, type YamlNode } from '../../input/index.ts';
import { editionNamed, editions } from '../editions/index.ts';
import type { Edition } from '../model/index.ts';
import type { MeasuredAgain } from './judge-difference.ts';

/** One operation on one thread, as a workload whose counted operation it is. */
export interface MeasuredOperation {
  readonly workload: string;
  /** Cost of one operation by kernel, in the file's unit; not every kernel need have been measured. */
  readonly values: Readonly<Record<string, number>>;
  /** How far apart repeats of the whole measurement on one kernel were, by kernel; empty where that is not known. */
  readonly spreads: Readonly<Record<string, number>>;
  /** How much more than each of the other kernels the first one took where it was measured again; empty where it was not. */
  readonly again: Readonly<Record<string, MeasuredAgain>>;
}

/** What was measured of single operations on real kernels, and where it comes from. */
export interface Measurements {
  readonly name: string;
  readonly source: string;
  readonly unit: 'ns' | 'instruction';
  readonly edition: Edition;
  /** Options of each kernel measured, by a name the file gives it. */
  readonly kernels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly operations: readonly MeasuredOperation[];
}

const FOLDER = ['src', 'kernel', 'calibrate'] as const;

/** Measurements that come with kmatrix, and the first estimates a fit to each starts from. */
const SHIPPED: Readonly<Record<string, string>> = { 'instructions-6.12': 'first-estimates.json' };

/** Path of the measurements that come with kmatrix under that name, and of their first estimates. */
export function shippedMeasurements(
  name: string,
): { readonly path: string; readonly estimates: string } | undefined {
  const estimates = SHIPPED[name];
  if (estimates === undefined) return undefined;
  return {
    path: packagePath(...FOLDER, `${name}.json`),
    estimates: packagePath(...FOLDER, estimates),
  };
}

/**
 * Reads a measurements file (JSON or YAML).
 *
 * @throws {InputError} with the place of what is wrong
 */
export function loadMeasurements(path: string): Measurements {
  return readMeasurements(readText(path, 'measurements file'), path);
}

function readMeasurements(text: string, file: string): Measurements {
  const root = parseYaml(text, file);
  root.onlyKeys(['name', 'source', 'unit', 'edition', 'kernels', 'operations']);
  const edition = editionNamed(root.require('edition').asOneOf(editions.map((e) => e.name)));
  const kernels = Object.fromEntries(
    root
      .require('kernels')
      .entries()
      .map(([name, node]) => [name, options(node)]),
  );
  const names = Object.keys(kernels);
  const operations = root
    .require('operations')
    .items()
    .map((node) => operation(node, names));
  if (!edition || names.length === 0 || operations.length === 0) {
    throw inputError('empty', `${file}: at least one kernel and one operation are needed`);
  }
  return {
    name: root.require('name').asString(),
    source: root.require('source').asString(),
    unit: root.require('unit').asOneOf(['ns', 'instruction']),
    edition,
    kernels,
    operations,
  };
}

function options(node: YamlNode): Record<string, string> {
  return Object.fromEntries(node.entries().map(([name, value]) => [name, value.asString()]));
}

function operation(node: YamlNode, kernels: readonly string[]): MeasuredOperation {
  node.onlyKeys(['workload', 'values', 'spreads', 'again']);
  const spreads = node.get('spreads');
  const again = node.get('again');
  return {
    workload: node.require('workload').asString(),
    values: byKernel(node.require('values'), kernels),
    spreads: spreads ? byKernel(spreads, kernels) : {},
    again: again ? differences(again, kernels.slice(1)) : {},
  };
}

function byKernel(node: YamlNode, kernels: readonly string[]): Record<string, number> {
  node.onlyKeys(kernels);
  return Object.fromEntries(
    node.entries().map(([name, value]) => [name, value.asNumber({ min: 0, max: 1e12 })]),
  );
}

function differences(node: YamlNode, others: readonly string[]): Record<string, MeasuredAgain> {
  node.onlyKeys(others);
  return Object.fromEntries(
    node.entries().map(([name, value]) => {
      value.onlyKeys(['low', 'high']);
      const low = value.require('low').asNumber({ min: -1e12, max: 1e12 });
      return [name, [low, value.require('high').asNumber({ min: low, max: 1e12 })]];
    }),
  );
}
