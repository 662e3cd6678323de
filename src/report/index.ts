/** The report's data model, its diff, and the formats both are written in. */
export { buildReport } from './build.ts';
export { checkCsv } from './check/csv.ts';
export { checkJunit } from './check/junit.ts';
export { checkMarkdown } from './check/markdown.ts';
export { brokenCells, type CheckedCell, type CheckReport } from './check/model.ts';
export { checkSarif } from './check/sarif.ts';
export { checkText } from './check/text.ts';
export { checkChangesCsv } from './check-changes/csv.ts';
export { checkChangesJunit } from './check-changes/junit.ts';
export { checkChangesMarkdown } from './check-changes/markdown.ts';
export {
  anyBreaks,
  type ChangedCheckCell,
  type CheckChanges,
  checkChangesDocument,
} from './check-changes/model.ts';
export { checkChangesSarif } from './check-changes/sarif.ts';
export { checkChangesText } from './check-changes/text.ts';
export { placeOfCell } from './ci/place.ts';
export { reportJunit } from './ci/report-junit.ts';
export { reportSarif } from './ci/report-sarif.ts';
export type { SarifPlace, SarifWriter } from './ci/sarif.ts';
export { type CompatQuestion, compatOf, type Decide } from './compat/build.ts';
export { compatCsv } from './compat/csv.ts';
export { compatHtml } from './compat/html.ts';
export type { Compat, CompatEntry, CompatRow, Decision, Instead, Since } from './compat/model.ts';
export { type CsvSection, csvSections, reportCsv } from './csv/sections.ts';
export { type ConfigFile, type ConfigSides, configSides } from './diff/config-sides.ts';
export { matrixDiffCsv } from './diff/csv.ts';
export { diffCells, diffSides, isEmptyDiff } from './diff/diff.ts';
export { type DiffconfigOptions, diffconfig } from './diff/diffconfig.ts';
export { diffMatrices, isEmptyMatrixDiff } from './diff/matrix-diff.ts';
export type { CellChange, CellPair, MatrixDiff, MatrixEnd } from './diff/matrix-model.ts';
export type {
  ApiState,
  Both,
  CountDiff,
  CounterDiff,
  Diff,
  DiffEnd,
  FallbackDiff,
  FieldDiff,
  FunctionDiff,
  HitDiff,
  OptionDiff,
  OutcomeDiff,
  PerformanceDiff,
  SizeDiff,
  StructDiff,
  StructSize,
  SurfaceDiff,
} from './diff/model.ts';
export { matricesOfDiff } from './diff/one-pair.ts';
export type { Selection } from './diff/pair-cells.ts';
export {
  type Side,
  type SideKernel,
  type SideOption,
  sideOfCell,
  sideOfOptions,
} from './diff/side.ts';
export { type Condition, conditionIn, conditionText } from './evidence/condition.ts';
export {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportRequest,
  type ExportSubject,
  exportText,
} from './export/export.ts';
export { exportInThread } from './export/in-thread.ts';
export type { Listing, ListingGroup } from './export/listing.ts';
export { failureSentence, refusalText } from './failure-document.ts';
export {
  compatMarkdown,
  compatText,
  diffMarkdown,
  diffText,
  gateText,
  matrixDiffMarkdown,
  matrixDiffText,
  measurementMarkdown,
  measurementText,
  publishedMarkdown,
  reportMarkdown,
  reportText,
  tortureMarkdown,
  tortureText,
  verificationMarkdown,
  verificationText,
} from './formats.ts';
export {
  GATE_WORDS,
  type GateResult,
  type GateRules,
  gate,
  gateJunit,
  gateOfDiff,
  gateRules,
  gateSarif,
} from './gate/index.ts';
export { diffHtml, matrixDiffHtml, reportHtml, tortureHtml } from './html/index.ts';
export { measurementCsv } from './measurement-csv.ts';
export type {
  Comparison,
  ComparisonVerdict,
  CostRow,
  CounterRow,
  FallbackEntry,
  FallbackRow,
  FieldLayout,
  FunctionEntry,
  FunctionRow,
  KeyAnswer,
  MmapLockKey,
  OutcomeRow,
  PerformanceFigure,
  PerformanceRow,
  Provenance,
  Ratio,
  Report,
  ReportCell,
  ReportKernel,
  ReportVerdict,
  StructLayout,
  StructRow,
  SurfaceTable,
  VerificationGroup,
  WorkloadRow,
} from './model.ts';
export {
  type DiffCounts,
  diffCountsOf,
  type EditionPair,
  pairEditions,
} from './overview/editions.ts';
export {
  type ApiCounts,
  type CellFigures,
  cellFigures,
  type VerdictCounts,
} from './overview/figures.ts';
export {
  type CellGroup,
  type CellTotals,
  cellTotals,
  groupAxes,
  groupCells,
  type Range,
  valueOn,
} from './overview/groups.ts';
export { LOCK_PRESENCES, type LockPresence, lockPresence } from './overview/lock-state.ts';
export { type Published, type SensitivityData, sensitivityData } from './published.ts';
export { publishedCsv } from './published-csv.ts';
export { parseReferences, parseTorture } from './read-evidence.ts';
export { parseReport } from './read-report.ts';
export { type ExportedVerdict, parseVerdict, parseVerdicts } from './read-verdict.ts';
export { MAIL, type TextOptions } from './render-text.ts';
export type { ReportTextOptions } from './report-document.ts';
export { checkSchema, type SchemaError } from './schema/check.ts';
export { checkChangesSchema } from './schema/check-changes-schema.ts';
export { checkReportSchema } from './schema/check-schema.ts';
export { compatSchema } from './schema/compat-schema.ts';
export type { Schema } from './schema/dialect.ts';
export { diffSchema, matrixDiffSchema } from './schema/diff-schema.ts';
export { calibrationSchema, publishedSchema } from './schema/fidelity-schema.ts';
export { measurementSchema } from './schema/measurement-schema.ts';
export { optionsSchema, whySchema } from './schema/option-schema.ts';
export { reportSchema } from './schema/report-schema.ts';
export { tortureSchema } from './schema/torture-schema.ts';
export { matrixChangesSchema, refsSchema, surfaceSchema } from './schema/tree-schema.ts';
export { verdictSchema, verdictsSchema } from './schema/verdict-schema.ts';
export { selectCells } from './select-cells.ts';
export { sentenceOf as tortureSentence, tortureCsv } from './torture-document.ts';
export { type ShownStep, shownSteps } from './trace-steps.ts';
export { nameText, stateText, takenText } from './varies.ts';
export { reportVerdict, VERDICT_SCHEMA_VERSION, verdictJson } from './verdict-json.ts';
export {
  accessText,
  placeOf,
  questionText,
  verdictText,
  verdictTraceText,
} from './verdict-text.ts';
