/** Real source trees: where they mention options, and under which conditions. Nothing of a tree is executed. */
export type { Api, ApiCell, ApiState, CheckCell, CheckedFile } from './check/api.ts';
export { checkFiles } from './check/check.ts';
export { defconfigFiles } from './kbuild/defconfig.ts';
export { type Conflict, type Fuzzy, type PatchedTree, patchTree } from './patch/overlay.ts';
export { readPatches } from './patch/read-patches.ts';
export { autoconfOf, conventionMacros } from './preprocess/autoconf.ts';
export type { Configuration } from './preprocess/configuration.ts';
export { hasArchitectures, topFile, treeKconfig } from './refs/architectures.ts';
export {
  type ComparedReference,
  type ComparedReferences,
  compareDangling,
  compareReferences,
  removedOptions,
} from './refs/compare.ts';
export type { DanglingOptions } from './refs/dangling.ts';
export type { State } from './refs/decide.ts';
export {
  type FoundReference,
  findDangling,
  findReferences,
  type SymbolReferences,
} from './refs/find.ts';
export type { Skip } from './scan/list-files.ts';
export { type ScanOptions, scanTree } from './scan/scan-tree.ts';
export { helpers } from './scan/threads.ts';
export { type Overlay, SourceTree } from './source/source-tree.ts';
export {
  type AvailabilityChange,
  availabilityChanges,
  type ChangedCell,
} from './surface/availability.ts';
export { type FallbackChanges, fallbackChanges } from './surface/fallback-changes.ts';
export {
  type FallbackSite,
  surfaceFallbacks,
} from './surface/fallbacks.ts';
export { type SizedSide, type SizedStruct, structLayouts } from './surface/layouts.ts';
export {
  type Body,
  type FieldChange,
  type FunctionChange,
  type NameChange,
  type StructChange,
  type StructSide,
  type Surface,
  type SurfaceOptions,
  type SurfaceSide,
  surfaceOf,
} from './surface/surface.ts';
export type { Values } from './surface/view.ts';
