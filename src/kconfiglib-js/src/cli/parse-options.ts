import { dialectOf } from '../parse/features.ts';
import type { ParseOptions } from '../parse/parse.ts';
import { type Io, realShell } from './io.ts';
import { printDiagnostic, searchPath } from './print.ts';

/** The surroundings with the dialect of the command line in place of that of the environment. */
export function withDialect(io: Io, dialect: string | undefined): Io {
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
