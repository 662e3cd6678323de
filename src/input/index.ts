/** Reading what users write, and writing what they asked for: one error format for all of it. */
export { type Diagnostic, formatDiagnostic, type Span } from 'kconfiglib-js';
export { breathe } from './breathe.ts';
export { defaultCacheDir } from './cache-dir.ts';
export { codeId } from './code-id.ts';
export { inert } from './inert.ts';
export {
  errorDiagnostic,
  formatInputError,
  InputError,
  inputError,
  readingKconfig,
} from './input-error.ts';
export { toJson } from './json.ts';
export { checkKernelTree } from './kernel-tree.ts';
export { packagePath, packageRoot } from './package-root.ts';
export { parseYaml } from './parse-yaml.ts';
export { MAX_TEXT_BYTES, readBytes, readText } from './read-text.ts';
export { didYouMean, suggest } from './suggest.ts';
export { inThreads, type ThreadOptions } from './threads.ts';
export { writeFileAtomic } from './write-file.ts';
export {
  type NumberBounds,
  type YamlContent,
  type YamlEntry,
  type YamlKind,
  YamlNode,
} from './yaml-node.ts';
