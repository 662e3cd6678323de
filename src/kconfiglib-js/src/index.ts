export { type Diagnostic, KconfigError, type Span } from './diagnostics/diagnostic.ts';
export { formatDiagnostic } from './diagnostics/format.ts';
export { Config, type Difference, type Mode, type SetResult } from './eval/config.ts';
export type { UserValues } from './eval/user-values.ts';
export type { WhyStep } from './explain/blame.ts';
export type { Cause, Unmet, Why } from './explain/why.ts';
export { type ExportConfigOptions, exportConfig } from './export/config.ts';
export { exportKconfig } from './export/kconfig.ts';
export type {
  ConfigExport,
  ExportChoice,
  ExportNode,
  ExportPlace,
  ExportProperty,
  ExportSchema,
  ExportSymbol,
  ExportValue,
  KconfigExport,
} from './export/schema.ts';
export { type ExportDocument, exportText } from './export/text.ts';
export { bytesOf, textOf } from './files/byte-text.ts';
export { makeFolder } from './files/make-folder.ts';
export { Kconfig } from './menu/kconfig.ts';
export type { SymbolTable } from './menu/symbol-table.ts';
export type { KChoice, KSymbol, MenuNode, Property, SymbolType, Tristate } from './menu/views.ts';
export type { Dialect } from './parse/features.ts';
export { DEFAULT_LIMITS, type Limits } from './parse/limits.ts';
export type { KconfigFiles } from './parse/memory-files.ts';
export { type ParseOptions, parse } from './parse/parse.ts';
export {
  type Change,
  type Obstacle,
  type Plan,
  type PlanOptions,
  plan,
  planning,
} from './plan/plan.ts';
export { Satisfier, type Statement } from './plan/satisfy.ts';
export { NO_SHELL, type Shell, type ShellContext, type ShellRequest } from './preprocess/shell.ts';
export type { ReadOptions } from './read/dotconfig.ts';
export { cacheDirectory } from './snapshot/place.ts';
export {
  type Arch,
  archEnvironment,
  isKernelTree,
  type KernelOptions,
  kernelEnvironment,
  kernelKconfig,
  kernelSnapshot,
} from './toolchain/kernel.ts';
export { type OwnConf, ownConf } from './toolchain/own-dialect.ts';
export {
  loadShippedProfile,
  type ToolchainProfile,
  toolchainProfile,
} from './toolchain/profile.ts';
export { type RecordingOptions, recordingShell } from './toolchain/recording.ts';
