import { createHash } from 'node:crypto';
import { inert, toJson } from '../../input/index.ts';

/** A kind of finding. */
export interface SarifRule {
  readonly id: string;
  /** What such a finding means, in a sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly help?: string;
}

/** Where a finding is: a file, a place in it, and what of the kernel it is about. */
export interface SarifPlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** A name that no file of ours holds: a function of the kernel, a structure. */
  readonly logical?: { readonly name: string; readonly kind: 'function' | 'type' | 'member' };
}

/** A finding. */
export interface SarifResult {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly text: string;
  readonly place: SarifPlace;
  /** Other places that have to do with it, each with a word on how. */
  readonly related?: readonly (SarifPlace & { readonly text: string })[];
  /** What of it stays the same while lines move; without it a result is known by its place. */
  readonly identity?: readonly string[];
  /** How it stands to an earlier report. */
  readonly baseline?: 'new' | 'unchanged' | 'updated' | 'absent';
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What writes the file, and where: places below `cwd` are written relative to it. */
export interface SarifWriter {
  readonly version: string;
  readonly cwd: string;
}

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Findings as SARIF 2.1.0 (OASIS). */
export function sarifText(
  rules: readonly SarifRule[],
  results: readonly SarifResult[],
  { version, cwd }: SarifWriter,
): string {
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  return toJson({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'kmatrix', version, rules: rules.map(ruleObject) } },
        columnKind: 'utf16CodeUnits',
        results: results.map((one) => ({
          ruleId: one.rule,
          ruleIndex: index.get(one.rule),
          level: one.level,
          message: { text: shown(one.text) },
          locations: [locationOf(one.place, cwd)],
          ...(one.related && {
            relatedLocations: one.related.map((place, id) => ({
              id,
              ...locationOf(place, cwd),
              message: { text: shown(place.text) },
            })),
          }),
          ...(one.identity && {
            partialFingerprints: { 'kmatrix/v1': fingerprint([one.rule, ...one.identity]) },
          }),
          ...(one.baseline && { baselineState: one.baseline }),
          properties: one.properties,
        })),
      },
    ],
  });
}

function ruleObject({ id, text, help }: SarifRule) {
  return {
    id,
    shortDescription: { text },
    ...(help !== undefined && { help: { text: help } }),
  };
}

function locationOf({ file, line, column, logical }: SarifPlace, cwd: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file, cwd) },
      ...(line !== undefined && {
        region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
      }),
    },
    ...(logical && { logicalLocations: [{ name: shown(logical.name), kind: logical.kind }] }),
  };
}

/** Viewers take `[text](1)` in a message for a link to a place. */
function shown(text: string): string {
  return inert(text).replace(/\[(?=[^\]]*\]\()/g, '\\[');
}

function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Below the folder the command runs in relative to it, as who shows results beside the sources wants it. */
function uriOf(path: string, cwd: string): string {
  const inner = path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
  const uri = inner.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return inner.startsWith('/') ? `file://${uri}` : uri;
}
