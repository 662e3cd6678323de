import { dialectOf } from '../parse/features.ts';
import { kernelDialect } from '../parse/kernel-dialect.ts';
import type { ParseOptions } from '../parse/parse.ts';
import { type Io, realShell } from './io.ts';
import { printDiagnostic, searchPath } from './print.ts';

/**
 * The surroundings with the dialect the tree is read in: that of the command line, that of the environment, or that of the
 * version of Linux the kernel's Makefile exports, whose own `conf` this stands in for.
 */
export function withDialect(io: Io, given: string | undefined): Io {
  const dialect =
    given ?? dialectOf(io.env.KCONF_DIALECT) ?? kernelDialect(io.env.KERNELVERSION ?? '');
  return dialect === undefined ? io : { ...io, env: { ...io.env, KCONF_DIALECT: dialect } };
}

/** The command reads one tree, and mostly a large one: to move it once it has grown would cost more than unused room. */
const ROOM = 1 << 15;

/** How the command reads a tree. */
export function parseOptions(io: Io, shell = io.shell ?? realShell(io)): ParseOptions {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(io.env)) if (value !== undefined) env[name] = value;
  const dialect = dialectOf(env.KCONF_DIALECT);
  return {
    env,
    searchPath: searchPath(io),
    shell,
    room: ROOM,
    ...(dialect && { dialect }),
    ...(env.KCONF_OPTIONAL_SOURCES === '1' && { optionalSources: true }),
    onDiagnostic: (d) => printDiagnostic(io, d),
  };
}
